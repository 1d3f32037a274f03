"""The three levels of isolation, and which one this machine allows: each is tried, not guessed."""

from __future__ import annotations

import os
import select
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from graders.engine.worker.confine import host, landlock, seccomp

if TYPE_CHECKING:
    from graders.engine.worker.confine.tree import Plan

Level = Literal["full", "no-namespaces", "process"]
LEVELS: tuple[Level, ...] = ("full", "no-namespaces", "process")
TRIAL_SECONDS = 10.0
CLEAN_UP_SECONDS = 2.0


def choose(plan: Plan, *, wanted: str | None, trust: bool) -> tuple[Level | None, dict[str, str]]:
    """Return the strongest level that works here (not above ``wanted``), and why the stronger ones don't."""
    reasons: dict[str, str] = {}
    for level in LEVELS[LEVELS.index(wanted) if wanted in LEVELS else 0 :]:
        if level == "process":
            return ("process" if trust else None), reasons
        reason = _missing(level) or _tried(plan, level)
        if not reason:
            return level, reasons
        reasons[level] = reason
    return None, reasons


def _missing(level: Level) -> str:
    if not host.LINUX:
        return "it needs Linux"
    if not seccomp.supported():
        return "there is no table of system calls for this processor"
    if level == "no-namespaces" and not landlock.version():
        return "the kernel has no Landlock"
    return ""


def _tried(plan: Plan, level: Level) -> str:
    """Lock a process in for a trial; return "" or what was refused."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reader)
            os.setsid()
            _trial(plan, level, writer)
        except BaseException as error:
            os.write(writer, f"{error}"[:300].encode("utf-8", "replace"))
        finally:
            os._exit(0)
    os.close(writer)
    words = b""
    if select.select([reader], [], [], TRIAL_SECONDS)[0]:
        words = os.read(reader, 400)
    os.close(reader)
    until = time.monotonic() + CLEAN_UP_SECONDS
    while not os.waitpid(pid, os.WNOHANG)[0]:
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.001)
    return "" if words == b"ok" else words.decode("utf-8", "replace") or "its trial gave no answer"


def _trial(plan: Plan, level: Level, writer: int) -> None:
    from graders.engine.worker.confine.cell import Cell

    cell = Cell(plan, level, 0)
    if level == "full":
        cell.separate()
        inner = os.fork()
        if inner:
            os.waitpid(inner, 0)
            return
        host.die_with_parent(signal.SIGKILL)
        cell.build_root()
    else:
        cell.make_scratch()
    inner = os.fork()
    if inner:
        os.waitpid(inner, 0)
        if level != "full":
            cell.remove_scratch()
        os._exit(0)
    cell.lock()
    (Path(cell.scratch) / "trial").write_text("it can be written to", encoding="ascii")
    Path(os.__file__).read_bytes()
    os.write(writer, b"ok")
    os._exit(0)
