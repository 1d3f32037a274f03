"""Landlock: which files may be read or written, whatever their permissions say."""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import sys
from typing import TYPE_CHECKING

from graders.engine.worker.confine import host

if TYPE_CHECKING:
    from collections.abc import Iterable

CREATE, ADD, RESTRICT = 444, 445, 446
PATH_BENEATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REFER, TRUNCATE, IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
FIRST_VERSION = (1 << 13) - 1
NETWORK = 0b11  # bind and connect by TCP
SCOPES = 0b11  # abstract sockets and signals stay inside
READ = EXECUTE | READ_FILE | READ_DIR
FOR_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEVICE


def version() -> int:
    """Return the kernel's version of Landlock, 0 where there is none."""
    if sys.platform != "linux":
        return 0
    result = host.libc.syscall(ctypes.c_long(CREATE), None, ctypes.c_size_t(0), ctypes.c_uint(1))
    return max(int(result), 0)


def everything(abi: int) -> int:
    """Return the mask of all file rights that version knows."""
    rights = FIRST_VERSION
    for least, right in ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEVICE)):
        if abi >= least:
            rights |= right
    return rights


def restrict(readable: Iterable[str], writable: Iterable[str], listable: Iterable[str] = ()) -> None:
    """Allow this process (and all it starts) these paths only; needs no_new_privileges first.

    Of what is ``listable`` the names may be read, not the contents.
    """
    abi = version()
    rights = everything(abi)
    attributes = struct.pack("=QQQ", rights, NETWORK if abi >= 4 else 0, SCOPES if abi >= 6 else 0)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    ruleset = host.checked(
        host.libc.syscall(ctypes.c_long(CREATE), attributes, ctypes.c_size_t(size), ctypes.c_uint(0)), "landlock"
    )
    try:
        for path in readable:
            _allow(ruleset, path, READ & rights)
        for path in listable:
            _allow(ruleset, path, READ_DIR)
        for path in writable:
            _allow(ruleset, path, rights)
        host.checked(host.libc.syscall(ctypes.c_long(RESTRICT), ruleset, ctypes.c_uint(0)), "landlock")
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= FOR_FILES
        rule = struct.pack("=Qi", rights, place)
        call = host.libc.syscall(ctypes.c_long(ADD), ruleset, ctypes.c_int(PATH_BENEATH), rule, ctypes.c_uint(0))
        host.checked(call, f"landlock {path}")
    finally:
        os.close(place)
