"""One session's outermost process: it confines, forks the student's process, and ends whatever is left."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from graders.engine.worker import confine, loaders, session
from graders.engine.worker.confine import host

if TYPE_CHECKING:
    from collections.abc import Callable

    from graders.engine.observation import Observation
    from graders.engine.worker.shell import Shell

now = time.monotonic
SOCKET = 3
WATCH = 0.5  # seconds between two looks at a scratch directory without a quota


@dataclass(frozen=True)
class Trade:
    """What every session needs: how it is confined, the warm shell, and the answering function."""

    plan: confine.Plan
    level: confine.Level
    shell: Shell
    answer: Callable[..., Observation]

    def stop(self, supervisor: int) -> None:
        """End a session from outside: its supervisor ends the rest, or the kernel does."""
        with contextlib.suppress(OSError):
            os.kill(supervisor, signal.SIGKILL if self.level == "full" else signal.SIGTERM)


def supervise(trade: Trade, sock: socket.socket, order: dict[str, Any]) -> NoReturn:
    """Confine a fork of this process, run the session in it, and clean up behind it."""
    try:
        number = int(order["start"])
        os.setsid()
        host.die_with_parent(signal.SIGKILL if trade.level == "full" else signal.SIGTERM)
        sock = _only_descriptor(sock)
        for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP):
            signal.signal(kind, signal.SIG_DFL)
        try:
            cell = confine.Cell(trade.plan, trade.level, number, devices=bool(order.get("devices")))
            if trade.level == "full":
                _inside_namespaces(trade, cell, sock)
            _with_subreaper(trade, cell, sock)
        except OSError as error:
            session.refuse(sock, f"{type(error).__name__}: {error}")
    finally:
        os._exit(98)


def _only_descriptor(sock: socket.socket) -> socket.socket:
    """Keep the session's socket as descriptor 3 and close every other one."""
    number = sock.detach()
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    if number != SOCKET:
        os.dup2(number, SOCKET, inheritable=False)
    os.closerange(SOCKET + 1, 65536)
    return socket.socket(fileno=SOCKET)


def _inside_namespaces(trade: Trade, cell: confine.Cell, sock: socket.socket) -> NoReturn:
    """Supervise from outside; inside, process 1 is ours and the student's is its child."""
    cell.separate()
    init = os.fork()
    if init:
        os.waitpid(init, 0)
        os._exit(0)
    try:
        host.die_with_parent(signal.SIGKILL)
        cell.build_root()
        student = os.fork()
        if student == 0:
            _student(trade, cell, sock)
        sock.close()
        cell.hide_init()
        while True:
            ended, _ = os.waitpid(-1, 0)
            if ended == student:
                os._exit(0)
    except OSError as error:
        session.refuse(sock, f"{type(error).__name__}: {error}")
    finally:
        os._exit(98)


def _with_subreaper(trade: Trade, cell: confine.Cell, sock: socket.socket) -> NoReturn:
    """Supervise by adopting whatever the session leaves behind, until nothing is left."""
    host.adopt_orphans()
    cell.make_scratch()
    student = os.fork()
    if student == 0:
        _student(trade, cell, sock)

    def finish(*_: object) -> None:
        host.end_children(student)
        cell.remove_scratch()
        os._exit(0)

    def look(*_: object) -> None:
        if cell.too_full():
            finish()

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, WATCH, WATCH)
    while os.waitpid(-1, 0)[0] != student:
        pass
    finish()
    os._exit(0)


def _student(trade: Trade, cell: confine.Cell, sock: socket.socket) -> NoReturn:
    """Lock this process down for good, then run the session in it."""
    try:
        try:
            host.die_with_parent(signal.SIGKILL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            _environment(cell.scratch, devices=cell.devices)
            cell.lock()
            if cell.without_sockets:
                loaders.without_workers()
        except OSError as error:
            session.refuse(sock, f"{type(error).__name__}: {error}")
        session.serve(sock, trade.shell, trade.answer)
    finally:
        os._exit(98)


def _environment(scratch: str, *, devices: bool) -> None:
    """Point every place a library writes to into the scratch directory."""
    if not devices:
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    for name in ("HOME", "TMPDIR", "MPLCONFIGDIR", "TORCHINDUCTOR_CACHE_DIR", "IPYTHONDIR", "XDG_CACHE_HOME"):
        os.environ[name] = scratch
    os.environ.update(USER="student", LOGNAME="student", PIP_RETRIES="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    os.chdir(scratch)
    import tempfile

    tempfile.tempdir = None
    sys.path[:] = [scratch, *(path for path in sys.path if path and Path(path) != Path(scratch))]


def remove(folder: str) -> None:
    """Remove a session's scratch directory, whatever lies in it."""
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if Path(folder).exists():  # folders without permissions, or nested deeper than Python follows
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(OSError):
                os.execv("/bin/sh", ["/bin/sh", "-c", 'chmod -R u+rwx "$0"; rm -rf "$0"', folder])  # noqa: S606
            os._exit(1)
        os.waitpid(pid, 0)
