"""Calls to the operating system that Python lacks, by ctypes; each raises OSError where it is refused."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

LINUX = sys.platform == "linux"
libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_KEEPCAPS, PR_SET_NO_NEW_PRIVS, PR_SET_CHILD_SUBREAPER = 8, 38, 36
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, PR_CAP_AMBIENT_CLEAR_ALL = 47, 2, 4
CAP_DAC_READ_SEARCH, CAP_SYS_ADMIN, CAP_SETUID, CAP_SETGID = 2, 21, 7, 6
LAST_CAPABILITY = 63


def checked(result: int, what: str) -> int:
    """Return a system call's result, or raise its error."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option: int, value: int = 0, third: int = 0) -> None:
    """Set a property of this process."""
    numbers = [ctypes.c_ulong(n) for n in (value, third, 0, 0)]
    checked(libc.prctl(option, *numbers), f"prctl {option}")


def die_with_parent(number: int) -> None:
    """Have the kernel send this process a signal when its parent ends."""
    if LINUX:
        prctl(PR_SET_PDEATHSIG, number)


def adopt_orphans() -> None:
    """Become the parent of whatever a descendant leaves behind."""
    if LINUX:
        prctl(PR_SET_CHILD_SUBREAPER, 1)


def no_new_privileges() -> None:
    """Never gain a privilege again, also by starting another program."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def capabilities() -> int:
    """Return the effective capabilities as a bit mask."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1], 16) for line in lines if line.startswith("CapEff")), 0)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def bound_capabilities(keep: int = 0) -> None:
    """Give up every capability but those of the mask ``keep`` for programs started later."""
    for number in range(LAST_CAPABILITY + 1):
        if not keep & (1 << number) and libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(number), 0, 0, 0) < 0:
            break
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)


def drop_capabilities(keep: int = 0) -> None:
    """Give up every capability but those of the mask ``keep``, which programs started later have as well."""
    halves = (keep & 0xFFFFFFFF, keep >> 32)
    data = (_Data * 2)(*(_Data(half, half, half) for half in halves))
    checked(libc.capset(ctypes.byref(_Header(0x20080522, 0)), data), "capset")
    for number in range(LAST_CAPABILITY + 1):
        if keep & (1 << number):
            prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number)


def become(uid: int, *, keep_capabilities: bool = False) -> None:
    """Change to another user and group for good."""
    if keep_capabilities:
        prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def children(parent: int) -> list[int]:
    """Return the processes whose parent is ``parent``."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def end_children(group: int, seconds: float = 5.0) -> None:
    """Kill every descendant: each killed generation hands the next one to this process."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError):
            os.killpg(group, signal.SIGKILL)
        for child in children(os.getpid()) if LINUX else []:
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.002)
