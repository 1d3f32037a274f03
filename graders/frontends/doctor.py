"""``descentlab doctor``: what this machine offers, and what it does not."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import sysconfig
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from graders import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graders.engine.worker.client import Zygote

NEEDED = ("torch", "numpy", "matplotlib", "ipython", "nbformat", "rich", "typer")
FOR_TEACHERS = ("nbgrader", "jupytext", "ipykernel", "alembic")
LEVELS = {
    "full": "a submission sees nothing but its scratch folder and the Python libraries, read-only",
    "no-namespaces": "Landlock and seccomp keep a submission from files and network",
    "process": "nothing can be forged, but files and network are open to a submission",
}
WIDTH = 16


def examine() -> tuple[list[str], bool]:
    """Return what the doctor says, line by line, and whether a class can be graded here."""
    lines = [
        _line("descentlab", __version__),
        _line("Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
        *(_line(name, _version(name) or "missing; install it with: pip install descentlab") for name in NEEDED),
        *(
            _line(name, _version(name) or "missing; teachers install it with: pip install 'descentlab[instructor]'")
            for name in FOR_TEACHERS
        ),
    ]
    if _version("alembic") and not _on_path("alembic"):
        lines.append(_line("", "the command alembic is not found; nbgrader starts it when it makes a gradebook"))
    lines.append(_line("CUDA", _cuda()))
    isolation, well = _isolation()
    lines += isolation
    lines += _course()
    return lines, well and all(_version(name) for name in NEEDED)


def _line(name: str, text: str) -> str:
    return f"{name:<{WIDTH}}{text}".rstrip()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _on_path(command: str) -> bool:
    """Whether a command is on PATH or beside this Python, where our plug-in looks as well."""
    beside = [os.path.dirname(sys.executable), sysconfig.get_path("scripts")]  # noqa: PTH120
    return bool(shutil.which(command) or shutil.which(command, path=os.pathsep.join(beside)))


def _cuda() -> str:
    try:
        import torch

        if not torch.cuda.is_available():
            return "none; float32 is confirmed on the CPU"
        return ", ".join(torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count()))
    except Exception as error:
        return f"cannot be asked ({type(error).__name__})"


def _isolation() -> tuple[list[str], bool]:
    """Start a worker and have it try what a submission must not be able to do."""
    from graders.engine.worker.client import IsolationUnavailable, Zygote

    try:
        with Zygote() as zygote:
            level, reasons = zygote.isolation, dict(zygote.reasons)
            tried = list(_tried(zygote))
    except IsolationUnavailable as error:
        return [_line("isolation", str(error))], False
    except Exception as error:
        return [_line("isolation", f"no worker can be started: {' '.join(str(error).split())}")], False
    lines = [_line("isolation", f"{level}: {LEVELS.get(level, '')}")]
    lines += [_line("", f"not {stronger}: {reason}") for stronger, reason in reasons.items()]
    return [*lines, *tried], True


def _tried(zygote: Zygote) -> Iterator[str]:
    """Yield one line for each forbidden thing a submission tried."""
    try:
        from graders.engine.worker.confine.selftest import forbidden_things

        results = forbidden_things(zygote=zygote)
    except Exception as error:
        yield _line("self-test", f"could not be run ({type(error).__name__}: {' '.join(str(error).split())})")
        return
    for name, verdict in results:
        yield _line(f"  {verdict}", name)


def _course() -> Iterator[str]:
    """Yield a line on the course's solutions, and one for each assignment that is stale."""
    from graders.cards import SLUGS
    from graders.frontends.build import ROOT, build

    solved = [slug for slug in SLUGS if (ROOT / "solutions" / f"{slug}.py").is_file()]
    if not solved:
        yield _line("course", "no solutions on this machine: check works, grade, build and demo need them")
        return
    yield _line("course", f"{len(solved)} of {len(SLUGS)} assignments have a solution")
    for slug in solved:
        try:
            stale = [one.sentence for one in build([slug], check=True) if one.state == "stale"]
        except Exception as error:
            if isinstance(error, ModuleNotFoundError) and error.name in FOR_TEACHERS:
                yield _line("assignments", f"not compared with their solutions: {error.name} is missing")
                return
            stale = [f"{slug} cannot be compared with its solution: {' '.join(str(error).split())}"]
        for sentence in stale:
            yield _line("stale", sentence)
