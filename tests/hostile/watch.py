"""What must be as it was after a submission: a folder open to all, this machine's processes, a listener."""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

SET_SUBREAPER, GET_SUBREAPER = 36, 37
PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run", "/home")
PATIENCE = 8.0  # seconds for what was killed to be gone, on a busy machine
SHARED = ("/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg")
ROOT = Path(__file__).resolve().parents[2]


class Watch:
    """A folder, a file and a socket in it, a process and a listener: prepared for a submission to reach for."""

    def __init__(self, folder: Path, mark: str) -> None:
        self.folder, self.mark = folder, mark
        self.file = folder / "open-to-all"
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.abstract = socket.socket(socket.AF_UNIX)
        self.in_folder = socket.socket(socket.AF_UNIX)
        self.bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        self.adopted = _adopt(enabled=True)
        self._prepare()

    def _prepare(self) -> None:
        self.folder.chmod(0o777)
        self.file.write_text("as it was", encoding="utf-8")
        self.file.chmod(0o666)
        self.datagrams.bind(self.listener.getsockname())
        self.in_folder.bind(str(self.folder / "socket"))
        (self.folder / "socket").chmod(0o777)
        for server in (self.abstract, self.in_folder):
            if server is self.abstract:
                server.bind("\0" + self.mark)
            server.listen()
        for server in (self.listener, self.datagrams, self.abstract, self.in_folder):
            server.setblocking(False)

    def target(self, zygote: object) -> dict[str, object]:
        """Return what a submission is told to reach for."""
        return {
            "folder": str(self.folder),
            "file": str(self.file),
            "socket": str(self.folder / "socket"),
            "port": self.listener.getsockname()[1],
            "free_port": 45_871,
            "bystander": self.bystander.pid,
            "judge": os.getpid(),
            "zygote": zygote._process.pid,
            "root": str(ROOT),
            "mark": self.mark,
            "secrets": [str(path) for path in sorted((ROOT / "solutions").glob("*.py"))],
        }

    def state(self) -> dict[str, object]:
        """Return everything that must stay as it is."""
        return {
            "folder": _listing(self.folder),
            "file": self.file.read_text(encoding="utf-8"),
            "attributes": os.listxattr(self.file),
            "left": [str(path) for place in (*PLACES, ROOT) for path in Path(place).glob(f"*{self.mark}*")],
            "bystander": (self.bystander.poll(), _field(self.bystander.pid, "State")[:1] in {"S", "R"}),
            "traced": [_field(pid, "TracerPid") for pid in (self.bystander.pid, os.getpid())],
            "priority": os.getpriority(os.PRIO_PROCESS, 0),
            "affinity": len(os.sched_getaffinity(self.bystander.pid)),
            "shared memory": [_read(path) .count("\n") for path in SHARED],
            "called": [_called(server) for server in (self.listener, self.datagrams, self.abstract, self.in_folder)],
        }  # fmt: skip

    def leftovers(self, before: set[int]) -> dict[int, str]:
        """Return what still runs below this process (which adopts orphans) and did not before."""
        until = time.monotonic() + PATIENCE
        while True:
            found = {pid: _field(pid, "Name") for pid in descendants() - before}
            if not found or time.monotonic() > until:
                return found
            time.sleep(0.02)

    def close(self) -> None:
        """End what was prepared."""
        _adopt(enabled=self.adopted)
        self.bystander.kill()
        self.bystander.communicate()
        for server in (self.listener, self.datagrams, self.abstract, self.in_folder):
            server.close()


def descendants() -> set[int]:
    """Return the running processes below this one, without those that have ended."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = place.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            parents[int(place.parent.name)] = (int(fields[1]), fields[0])
    found: set[int] = {os.getpid()}
    while more := {pid for pid, (parent, _) in parents.items() if parent in found} - found:
        found |= more
    return {pid for pid in found - {os.getpid()} if parents[pid][1] not in "ZX"}


def _listing(folder: Path) -> list[tuple[object, ...]]:
    paths = [folder, *sorted(folder.rglob("*"))]
    return [(str(p), s.st_mode, s.st_uid, s.st_gid, s.st_size, s.st_mtime_ns) for p in paths for s in [p.lstat()]]


def _called(server: socket.socket) -> bool:
    try:
        if server.type == socket.SOCK_DGRAM:
            server.recv(1)
        else:
            server.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _field(pid: int, name: str) -> str:
    for line in _read(f"/proc/{pid}/status").splitlines():
        if line.startswith(f"{name}:"):
            return line.partition(":")[2].strip()
    return ""


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _adopt(*, enabled: bool) -> bool:
    """Become the parent of orphans below this process, or stop; return what it was."""
    libc = ctypes.CDLL(None)
    before = ctypes.c_int(0)
    libc.prctl(GET_SUBREAPER, ctypes.byref(before), 0, 0, 0)
    libc.prctl(SET_SUBREAPER, ctypes.c_ulong(enabled), 0, 0, 0)
    return bool(before.value)
