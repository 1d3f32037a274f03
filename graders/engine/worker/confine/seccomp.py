"""The last step: a filter on system calls, written as the kernel's small bytecode."""

from __future__ import annotations

import ctypes
import errno
import platform
import socket
import struct
import sys

from graders.engine.worker.confine import calls, host

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, ARCH_AT, FIRST_ARGUMENT_AT = 0, 4, 16
X32 = 0x40000000
NEW_NAMESPACE = 0x7E020080  # mount, cgroup, uts, ipc, user, pid, net, time
ARCHES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1), "arm64": (0xC00000B7, 1)}


def supported() -> bool:
    """Return whether this machine has a table of system calls here."""
    return sys.platform == "linux" and platform.machine() in ARCHES and sys.byteorder == "little"


def build(*, own_files_only: bool, namespaces: bool, families: tuple[int, ...], truncate: bool, signals: bool) -> bytes:
    """Return the filter.

    ``own_files_only``: the student's user owns nothing else (so changing permissions is harmless).
    ``namespaces``: IPC and network are private. ``families``: sockets that may be made. ``truncate`` and
    ``signals``: Landlock guards these, so they need not be refused.
    """
    arch, column = ARCHES[platform.machine()]
    verdicts: dict[int, int] = {}

    def refuse(table: dict[str, tuple[int, int]], number: int = errno.EPERM) -> None:
        verdicts.update({pair[column]: ERRNO | number for pair in table.values() if pair[column] >= 0})

    refuse(calls.REFUSED)
    verdicts[calls.CLONE3[column]] = ERRNO | errno.ENOSYS  # its flags lie behind a pointer; clone is tried next
    if not own_files_only:
        refuse(calls.OF_OWNERS, 0)
        if not truncate:
            refuse(calls.TRUNCATE)
        if not signals:
            refuse(calls.SIGNALS)
    if not namespaces:
        refuse(calls.LASTING)
        refuse(calls.OF_WRITERS, 0)

    lines = [_line(LOAD, 0, 0, ARCH_AT), _line(EQUAL, 1, 0, arch), _line(RETURN, 0, 0, KILL)]
    lines += [_line(LOAD, 0, 0, NUMBER_AT)]
    if column == 0:
        lines += [_line(AT_LEAST, 0, 1, X32), _line(RETURN, 0, 0, ERRNO | errno.ENOSYS)]
    for number, verdict in verdicts.items():
        lines += [_line(EQUAL, 0, 1, number), _line(RETURN, 0, 0, verdict)]
    lines += _clone(calls.CLONE[column]) + _socket(calls.SOCKET[column], families)
    for pair in calls.ABOUT_OTHERS.values():
        lines += _only_itself(pair[column])
    return b"".join([*lines, _line(RETURN, 0, 0, ALLOW)])


def _line(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value & 0xFFFFFFFF)


def _clone(number: int) -> list[bytes]:
    return [
        _line(EQUAL, 0, 4, number),
        _line(LOAD, 0, 0, FIRST_ARGUMENT_AT),
        _line(ANY_BIT, 0, 1, NEW_NAMESPACE & ~0x80),
        _line(RETURN, 0, 0, ERRNO | errno.EPERM),
        _line(RETURN, 0, 0, ALLOW),
    ]


def _socket(number: int, families: tuple[int, ...]) -> list[bytes]:
    tests = [_line(EQUAL, len(families) - at, 0, family) for at, family in enumerate(families)]
    refuse = _line(RETURN, 0, 0, ERRNO | errno.EACCES)
    inside = [_line(LOAD, 0, 0, FIRST_ARGUMENT_AT), *tests, refuse, _line(RETURN, 0, 0, ALLOW)]
    return [_line(EQUAL, 0, len(inside), number), *inside]


def _only_itself(number: int) -> list[bytes]:
    return [
        _line(EQUAL, 0, 4, number),
        _line(LOAD, 0, 0, FIRST_ARGUMENT_AT),
        _line(EQUAL, 1, 0, 0),
        _line(RETURN, 0, 0, ERRNO | errno.EPERM),
        _line(RETURN, 0, 0, ALLOW),
    ]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_char_p))


def install(program: bytes) -> None:
    """Put the filter in force for this process and all it starts; needs no_new_privileges first."""
    described = _Program(len(program) // 8, program)
    result = host.libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(described), 0, 0)
    host.checked(result, "seccomp")


PRIVATE_NETWORK = (int(socket.AF_UNIX), int(socket.AF_INET), int(getattr(socket, "AF_INET6", 10)))
