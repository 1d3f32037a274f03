"""What a worker must not be able to do, tried in earnest; this file's text is run as a submission's cell.

Each function tries one thing and returns whether it could. ``target`` names what the judge prepared: a
process, a port, files, secrets. Nothing here harms anyone if it is allowed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABYTE = 1 << 20
libc = ctypes.CDLL(None, use_errno=True)


def read_solutions(target: dict[str, Any]) -> bool:
    """Read a file of the teacher's side."""
    return any(_readable(path) for path in target["secrets"])


def read_keys_of_the_judge(_: dict[str, Any]) -> bool:
    """Import the part of the package that makes keys."""
    try:
        import graders.keys  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def read_other_files(target: dict[str, Any]) -> bool:
    """Read a file outside the Python environment, open to everyone."""
    return _readable(target["file"])


def write_outside_scratch(target: dict[str, Any]) -> bool:
    """Write to a file open to everyone."""
    try:
        with Path(target["file"]).open("a", encoding="utf-8") as file:
            file.write("written")
    except OSError:
        return False
    return True


def create_outside_scratch(target: dict[str, Any]) -> bool:
    """Make a new file in a folder open to everyone."""
    try:
        Path(target["folder"], "new").write_text("new", encoding="utf-8")
    except OSError:
        return False
    return True


def change_permissions(target: dict[str, Any]) -> bool:
    """Change the permissions of another's file."""
    with contextlib.suppress(OSError):
        Path(target["file"]).chmod(0o640)
        return Path(target["file"]).stat().st_mode & 0o777 == 0o640
    return False


def change_times(target: dict[str, Any]) -> bool:
    """Change the time of another's file."""
    with contextlib.suppress(OSError):
        os.utime(target["file"], (1, 1))
        return Path(target["file"]).stat().st_mtime == 1
    return False


def change_python(_: dict[str, Any]) -> bool:
    """Leave a file beside the libraries, for the next one to import."""
    place = Path(contextlib.__file__).with_name("left_by_a_worker.py")
    try:
        place.write_text("", encoding="utf-8")
    except OSError:
        return False
    place.unlink()
    return True


def connect_to_this_machine(target: dict[str, Any]) -> bool:
    """Open a connection to a program on the same machine."""
    return _connects("127.0.0.1", target["port"])


def connect_to_the_network(_: dict[str, Any]) -> bool:
    """Send a packet to an address that is nobody's."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"x", ("192.0.2.1", 9))
    except OSError:
        return False
    return True


def listen(_: dict[str, Any]) -> bool:
    """Wait for connections that the rest of the machine can make."""
    with contextlib.suppress(OSError), socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        return _connects("127.0.0.1", server.getsockname()[1])
    return False


def signal_another_process(target: dict[str, Any]) -> bool:
    """Send a signal to a process of the judge's."""
    try:
        os.kill(target["process"], signal.SIGCONT)
    except OSError:
        return False
    return _is_judges(target)


def trace_another_process(target: dict[str, Any]) -> bool:
    """Attach to a process of the judge's as a debugger does."""
    attach, detach = 16, 17
    if libc.ptrace(attach, target["process"], None, None) < 0:
        return False
    libc.ptrace(detach, target["process"], None, None)
    return True


def trace_a_process_of_its_own(_: dict[str, Any]) -> bool:
    """Ask to be traced: no program needs it here."""
    pid = os.fork()
    if pid == 0:
        os._exit(0 if libc.ptrace(0, 0, None, None) == 0 else 1)
    return os.waitpid(pid, 0)[1] == 0


def read_environment_of_others(target: dict[str, Any]) -> bool:
    """Read the environment of the judge, of its parent, and of process 1."""
    return any(_readable(f"/proc/{pid}/environ") for pid in (target["judge"], os.getppid(), 1))


def read_command_line_of_the_judge(target: dict[str, Any]) -> bool:
    """Read the judge's command line, where a seed may stand."""
    return _is_judges(target) and _readable(f"/proc/{target['judge']}/cmdline")


def open_pipes_of_others(target: dict[str, Any]) -> bool:
    """Look into the open files of the judge, of its parent, and of process 1."""
    for pid in (target["judge"], os.getppid(), 1):
        with contextlib.suppress(OSError):
            if list(Path(f"/proc/{pid}/fd").iterdir()):
                return True
    return False


def read_memory_of_others(target: dict[str, Any]) -> bool:
    """Open the memory of the judge, of its parent, and of process 1."""
    return any(_readable(f"/proc/{pid}/mem", 0) for pid in (target["judge"], os.getppid(), 1))


def mount(_: dict[str, Any]) -> bool:
    """Mount a file system over its own folder."""
    if libc.mount(b"tmpfs", b".", b"tmpfs", 0, None) < 0:
        return False
    libc.umount(b".")
    return True


def make_namespaces(_: dict[str, Any]) -> bool:
    """Become root in a user namespace of one's own."""
    pid = os.fork()
    if pid == 0:
        os._exit(0 if libc.unshare(0x10000000) == 0 else 1)
    return os.waitpid(pid, 0)[1] == 0


def become_root(_: dict[str, Any]) -> bool:
    """Change to the user root."""
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(OSError):
            os.setuid(0)
            os._exit(0)
        os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def use_many_processes(_: dict[str, Any]) -> bool:
    """Start two hundred processes."""
    started: list[int] = []
    with contextlib.suppress(OSError):
        while len(started) < 200:
            pid = os.fork()
            if pid == 0:
                time.sleep(20)
                os._exit(0)
            started.append(pid)
    for pid in started:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return len(started) >= 200


def fill_the_disk(_: dict[str, Any]) -> bool:
    """Write more files than the scratch directory has room for."""
    folder = Path("filling")
    try:
        folder.mkdir()
        for number in range(10):
            with (folder / str(number)).open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, 32 * MEGABYTE)
    except OSError:
        return False
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return True


def take_all_memory(_: dict[str, Any]) -> bool:
    """Reserve sixteen gigabytes."""
    try:
        return len(bytearray(16 * 1024 * MEGABYTE)) > 0
    except MemoryError:
        return False


def leave_a_process_behind(target: dict[str, Any]) -> bool:
    """Start a process that outlives the session; the judge looks for it afterwards."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            libc.prctl(15, target["name"].encode(), 0, 0, 0)
            time.sleep(30)
        os._exit(0)
    return False


def attempt_all(target: dict[str, Any]) -> dict[str, bool]:
    """Try everything and return what was possible."""
    attempts: list[Callable[[dict[str, Any]], bool]] = [
        read_solutions, read_keys_of_the_judge, read_other_files, write_outside_scratch, create_outside_scratch,
        change_permissions, change_times, change_python, connect_to_this_machine, connect_to_the_network, listen,
        signal_another_process, trace_another_process, trace_a_process_of_its_own, read_environment_of_others,
        read_command_line_of_the_judge, open_pipes_of_others, read_memory_of_others, mount, make_namespaces,
        become_root, use_many_processes, fill_the_disk, take_all_memory, leave_a_process_behind,
    ]  # fmt: skip
    return {attempt.__name__.replace("_", " "): attempt(target) for attempt in attempts}


def _readable(path: str, size: int = 1) -> bool:
    try:
        with Path(path).open("rb") as file:
            return len(file.read(size)) == size
    except OSError:
        return False


def _connects(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=1.0).close()
    except OSError:
        return False
    return True


def _is_judges(target: dict[str, Any]) -> bool:
    """Tell whether the judge's process number is the judge's here too, and not one of our own."""
    return bool(target["pid_namespace"] == _namespace())


def _namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return "unknown"
