"""Namespaces of its own for a session, and a root directory that holds what it needs and nothing else."""

from __future__ import annotations

import ctypes
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from graders.engine.worker import limits
from graders.engine.worker.confine import host

if TYPE_CHECKING:
    from graders.engine.worker.confine.tree import Plan, Shown

NEWNS, NEWUTS, NEWIPC = 0x00020000, 0x04000000, 0x08000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
ALL_BUT_USER = NEWNS | NEWUTS | NEWIPC | NEWPID | NEWNET

RDONLY, NOSUID, NODEV, NOEXEC, REMOUNT = 1, 2, 4, 8, 32
BIND, RECURSIVE, PRIVATE = 4096, 16384, 1 << 18
DETACH = 2
MOUNT_SETATTR, PIVOT_ROOT = 442, {"x86_64": 155, "aarch64": 41, "arm64": 41}
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4

SCRATCH = "/scratch"
DEVICES = ("null", "zero", "full", "random", "urandom")


def separate(*, user: bool, uid: int, gid: int) -> None:
    """Leave the machine's namespaces; with ``user`` also its users (for those who are not root)."""
    flags = ALL_BUT_USER | (NEWUSER if user else 0)
    outside = os.getuid(), os.getgid()
    host.checked(host.libc.unshare(flags), "unshare")
    if user:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{uid} {outside[0]} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{gid} {outside[1]} 1", encoding="ascii")


def mount(source: str, target: str, kind: str | None, flags: int, data: str = "") -> None:
    """Mount something."""
    arguments = (source.encode(), target.encode(), kind.encode() if kind else None)
    result = host.libc.mount(*arguments, ctypes.c_ulong(flags), data.encode() or None)
    host.checked(result, f"mount {target}")


def build_root(plan: Plan, uid: int, gid: int, devices: list[str]) -> None:
    """Make a private root and move into it. Runs as process 1 of the new process namespace."""
    root = plan.base
    mount("none", "/", None, RECURSIVE | PRIVATE)
    # bound before the new root hides what lies below its mount point
    mount("tmpfs", root, "tmpfs", NOSUID | NODEV, "size=4m,nr_inodes=4096,mode=755")
    for shown in plan.shown:
        _bind(shown, root)
    for path in plan.ours:
        _bind_one(path, root + path)
    _devices(root, [*(f"/dev/{name}" for name in DEVICES), *devices])
    _tmpfs(root + SCRATCH, limits.SCRATCH_SIZE, f"mode=700,uid={uid},gid={gid}")
    Path(root, "tmp").symlink_to(SCRATCH)
    Path(root + "/etc").mkdir(exist_ok=True)
    Path(root + "/etc/passwd").write_text(f"student:x:{uid}:{gid}::{SCRATCH}:/bin/sh\n", encoding="ascii")
    _proc(root)
    os.chdir(root)
    number = PIVOT_ROOT[os.uname().machine]
    host.checked(host.libc.syscall(ctypes.c_long(number), b".", b"."), "pivot_root")
    host.checked(host.libc.umount2(b".", DETACH), "umount")
    os.chdir("/")
    mount("none", "/", None, REMOUNT | BIND | RDONLY | NOSUID | NODEV)
    socket.sethostname("worker")


def _bind(shown: Shown, root: str) -> None:
    """Bind a readable folder or file, and cover what it must not show."""
    target = root + shown.target
    _bind_one(shown.source, target)
    for path in shown.hidden:
        place = target + path
        if Path(place).is_dir():
            mount("tmpfs", place, "tmpfs", NOSUID | NODEV, "size=64k,nr_inodes=64,mode=755")
        elif Path(place).exists():
            mount("/dev/null", place, None, BIND)


def _bind_one(source: str, target: str) -> None:
    if Path(source).is_dir():
        Path(target).mkdir(parents=True, exist_ok=True)
    elif not Path(target).exists():
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).touch()
    mount(source, target, None, BIND | RECURSIVE)
    _read_only(target)


def _read_only(target: str) -> None:
    attributes = (ctypes.c_uint64 * 4)(ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV, 0, 0, 0)
    arguments = (ctypes.c_int(AT_FDCWD), target.encode(), ctypes.c_uint(AT_RECURSIVE), attributes)
    if host.libc.syscall(ctypes.c_long(MOUNT_SETATTR), *arguments, ctypes.c_size_t(32)) < 0:
        host.checked(-1, f"read-only {target}")


def _devices(root: str, devices: list[str]) -> None:
    dev = Path(root + "/dev")
    for device in devices:
        Path(root + device).parent.mkdir(exist_ok=True)
        Path(root + device).touch()
        mount(device, root + device, None, BIND)
    for name, target in (("fd", "fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        (dev / name).symlink_to(f"/proc/self/{target}")
    _tmpfs(str(dev / "shm"), limits.SHARED_SIZE, "mode=1777")


def _tmpfs(target: str, size: int, more: str) -> None:
    Path(target).mkdir(exist_ok=True)
    data = f"size={size},nr_inodes={limits.SCRATCH_FILES},{more}"
    mount("tmpfs", target, "tmpfs", NOSUID | NODEV, data)


def _proc(root: str) -> None:
    """Show the session's own processes; some containers refuse, and then there is no /proc at all."""
    Path(root + "/proc").mkdir()
    try:
        mount("proc", root + "/proc", "proc", NOSUID | NODEV | NOEXEC)
    except PermissionError:
        return
