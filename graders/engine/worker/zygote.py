"""The warm process: imports everything once, then only forks.

It is exec'ed as ``python -I zygote.py`` with a clean environment and its socket as standard input. It holds
no key, no seed and no path of a course, since every child can search its memory.
"""

from __future__ import annotations

import sys

CLEAN = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
}


def main() -> None:
    """Warm up, choose the level of isolation, and serve the judge."""
    import os
    import socket

    command = os.dup(0)
    os.set_inheritable(command, False)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)

    from graders.engine.worker.channel import Channel

    control = Channel(socket.socket(fileno=command), takes_descriptors=True)
    order = control.receive()
    sys.path += [path for path in order["paths"] if path not in sys.path]

    from graders.engine.worker import nursery

    nursery.run(control, order)


def _find_package() -> None:
    """Make ``graders`` importable by itself: what lies beside it (the solutions) is not put on the path."""
    import importlib.util
    from pathlib import Path

    package = Path(__file__).resolve().parents[2]
    places = {str(package.parent), str(Path(__file__).parent), ""}
    keep_beside = "site-packages" in package.parts or "dist-packages" in package.parts
    sys.path[:] = [path for path in sys.path if path not in places or (keep_beside and path)]
    spec = importlib.util.spec_from_file_location(
        "graders", package / "__init__.py", submodule_search_locations=[str(package)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["graders"] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    _find_package()
    from graders.engine.worker.zygote import main as serve

    serve()
