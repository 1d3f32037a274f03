"""How much a worker may take: memory, processes, files, scratch space."""

from __future__ import annotations

import contextlib
import resource
from pathlib import Path

MEGABYTE = 1 << 20
TASKS = 64  # threads and processes of one submission
MEMORY = 4096 * MEGABYTE  # address space beyond what the warm worker has
FILE_SIZE = 256 * MEGABYTE
OPEN_FILES = 512
SCRATCH_SIZE = 256 * MEGABYTE
SCRATCH_FILES = 8192
SHARED_SIZE = 256 * MEGABYTE


def apply(*, tasks: int | None = TASKS, memory: bool = True) -> None:
    """Set the limits of this process; what the system refuses to lower stays as it was."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, FILE_SIZE)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    if hasattr(resource, "RLIMIT_MSGQUEUE"):
        _lower(resource.RLIMIT_MSGQUEUE, 0)
        _lower(resource.RLIMIT_MEMLOCK, 8 * MEGABYTE)
    if tasks is not None:
        _lower(resource.RLIMIT_NPROC, tasks)
    if memory and (size := _address_space()):
        _lower(resource.RLIMIT_AS, size + MEMORY)


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (value, value))


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * resource.getpagesize()


def tasks_of(uid: int) -> int:
    """Count the threads of a user: RLIMIT_NPROC counts them all, also those that are not ours."""
    count = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError, ValueError):
            fields = dict(line.split(":", 1) for line in status.read_text("utf-8", "replace").splitlines())
            if int(fields["Uid"].split()[0]) == uid:
                count += int(fields["Threads"])
    return count
