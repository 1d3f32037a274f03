"""Tries every forbidden thing in a worker of this machine, for ``descentlab doctor``."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graders.engine.source import Cell
from graders.engine.worker.client import Zygote
from graders.engine.worker.confine.attempts import _namespace
from graders.engine.worker.places import PACKAGE, secret_places

if TYPE_CHECKING:
    from collections.abc import Iterator

ALLOWED, REFUSED = "ALLOWED", "refused"
LEFT_BEHIND = "dl-left-behind"


def forbidden_things(
    *, trust: bool = False, level: str | None = None, zygote: Zygote | None = None
) -> list[tuple[str, str]]:
    """Return every forbidden thing with ``ALLOWED`` or ``refused``, tried inside a worker.

    Raises IsolationUnavailable where this machine isolates nothing and ``trust`` is not given.
    """
    if zygote is None:
        with Zygote(trust, level=level) as started:
            return forbidden_things(zygote=started)
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        Path(folder).chmod(0o777)
        file = Path(folder) / "open-to-all"
        file.write_text("as it was", encoding="utf-8")
        file.chmod(0o666)
        before = file.stat()
        bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        try:
            target = {
                "secrets": [str(path) for path in _secret_files()],
                "file": str(file),
                "folder": folder,
                "port": server.getsockname()[1],
                "process": bystander.pid,
                "judge": os.getpid(),
                "pid_namespace": _namespace(),
                "name": LEFT_BEHIND,
            }
            found = _tried(zygote, target)
        finally:
            bystander.kill()
            bystander.communicate()
        after = file.stat()
        found["write outside scratch"] |= file.read_text(encoding="utf-8") != "as it was"
        found["change permissions"] |= after.st_mode != before.st_mode
        found["change times"] |= after.st_mtime == 1
        found["create outside scratch"] |= (Path(folder) / "new").exists()
    found["leave a process behind"] = LEFT_BEHIND in _running()
    return [(name, ALLOWED if allowed else REFUSED) for name, allowed in found.items()]


def _tried(zygote: Zygote, target: dict[str, Any]) -> dict[str, bool]:
    source = Path(__file__).with_name("attempts.py").read_text(encoding="utf-8")
    source += f"\nimport json\nprint(json.dumps(attempt_all(json.loads({json.dumps(json.dumps(target))}))))\n"
    with zygote.session([Cell("1", source)], seconds=60.0) as session:
        run = session.ran[0]
        text = "".join(output.get("text", "") for output in run.outputs)
    if run.error is not None:
        raise RuntimeError(f"the self-test itself stopped: {run.error.type}: {run.error.message}")
    return {str(name): bool(allowed) for name, allowed in json.loads(text).items()}


def _secret_files() -> Iterator[Path]:
    """Yield some files no worker may read: solutions, and the parts of this package that make keys."""
    for place in secret_places():
        path = Path(place)
        yield from sorted(path.rglob("*.py"))[:20] if path.is_dir() else [path]
    yield from sorted((PACKAGE / "cards").glob("*.py"))
    yield from sorted((PACKAGE / "frontends").glob("*.py"))


def _running() -> set[str]:
    names = set()
    for place in Path("/proc").glob("[0-9]*/comm"):
        try:
            names.add(place.read_text(encoding="utf-8", errors="replace").strip())
        except OSError:
            continue
    return names
