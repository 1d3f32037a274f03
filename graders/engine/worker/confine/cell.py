"""The steps that lock one session in, in the order they are taken."""

from __future__ import annotations

import os
import signal
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from graders.engine.worker import limits
from graders.engine.worker.confine import host, landlock, namespaces, seccomp

if TYPE_CHECKING:
    from graders.engine.worker.confine.levels import Level
    from graders.engine.worker.confine.tree import Plan

# No account of a usual system has these numbers, and two sessions of one grader never share one. The small
# range is for containers that know few numbers.
FIRST_USER, PROCESSES, EACH = 1_900_000_000, 4_000_000, 50
FIRST_SMALL, SMALL = 60578, 600
STUDENT = 1000
OVERFULL = 2
DEEPEST = 3500  # characters of a path; a system call takes 4096
WRITABLE = ("/dev/shm", "/dev/null", "/dev/zero", "/dev/full")  # noqa: S108 - shared memory for loaders


@dataclass
class Cell:
    """One session's confinement."""

    plan: Plan
    level: Level
    number: int
    devices: bool = False  # whether the accelerators are there
    scratch: str = field(default="", init=False)
    user: int | None = field(default=None, init=False)  # the one to change to, None where the grader is no root

    def __post_init__(self) -> None:
        """Choose the user, before a namespace changes what this process knows of others."""
        if host.LINUX and os.getuid() == 0:
            self.user = _unused_user(os.getppid(), self.number)

    @property
    def without_sockets(self) -> bool:
        """Return whether the session may make no socket at all: nothing else guards those open to all, as D-Bus has."""
        return self.level == "no-namespaces"

    # -- level full -------------------------------------------------------------------------------------------

    @cached_property
    def by_users(self) -> bool:
        """Return whether a user namespace is needed: everyone but a root that may mount."""
        return not host.capabilities() & (1 << host.CAP_SYS_ADMIN)

    def separate(self) -> None:
        """Enter namespaces of one's own."""
        if self.by_users and self.user is not None:
            host.become(self.user)
            host.prctl(host.PR_SET_DUMPABLE, 1)
        namespaces.separate(user=self.by_users, uid=STUDENT, gid=STUDENT)
        self.scratch = namespaces.SCRATCH

    def build_root(self) -> None:
        """Move into a private root directory."""
        inside = STUDENT if self.by_users else self.user or STUDENT
        namespaces.build_root(self.plan, inside, inside, accelerators() if self.devices else [])

    def hide_init(self) -> None:
        """Keep process 1 out of reach: nobody reads it, and it can do nothing."""
        host.prctl(host.PR_SET_DUMPABLE, 0)
        host.drop_capabilities()
        os.closerange(0, 16)

    # -- the other levels -------------------------------------------------------------------------------------

    def make_scratch(self) -> None:
        """Make the session's own directory."""
        self.scratch = tempfile.mkdtemp(prefix="work-", dir=self.plan.base)
        if self.user is not None:
            os.chown(self.scratch, self.user, self.user)

    def too_full(self) -> bool:
        """Return whether the scratch directory holds far more than a private root would allow."""
        size = count = 0
        folders = [self.scratch]
        while folders:
            folder = folders.pop()
            if len(folder) > DEEPEST:  # what lies deeper has no path to look at
                return True
            with suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    count += 1
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if size > OVERFULL * limits.SCRATCH_SIZE or count > OVERFULL * limits.SCRATCH_FILES:
                        return True
        return False

    def remove_scratch(self) -> None:
        """Remove the session's directory."""
        from graders.engine.worker.supervisor import remove

        remove(self.scratch)
        if host.LINUX and self.user is not None:  # shared memory is everyone's; this user's is no one else's
            for path in Path("/dev/shm").glob("*"):  # noqa: S108
                with suppress(OSError):
                    if path.lstat().st_uid == self.user:
                        path.unlink()

    # -- inside -----------------------------------------------------------------------------------------------

    def lock(self) -> None:
        """Give up everything that is not needed. There is no way back."""
        if self.level == "process":
            limits.apply(tasks=None)
            if host.LINUX:
                self._change_user()
                host.die_with_parent(signal.SIGKILL)
                host.no_new_privileges()
            return
        full = self.level == "full"
        devices = accelerators() if self.devices else []
        own_user = full or self.user is not None
        tasks = limits.TASKS if own_user else limits.tasks_of(os.getuid()) + limits.TASKS
        limits.apply(tasks=tasks, memory=not self.devices)
        self._change_user()
        host.die_with_parent(signal.SIGKILL)
        host.no_new_privileges()
        if full:
            if landlock.version():
                landlock.restrict(["/"], [self.scratch, *WRITABLE, *devices])
        else:
            readable = [*self.plan.readable(), "/dev/urandom", "/dev/random"]
            landlock.restrict(readable, [self.scratch, *WRITABLE, *devices], self.plan.listable())
        version = landlock.version()
        seccomp.install(
            seccomp.build(
                own_files_only=own_user,
                namespaces=full,
                families=seccomp.PRIVATE_NETWORK if full else (),
                truncate=version >= 3,
                signals=version >= 6,
            )
        )

    def _change_user(self) -> None:
        """Become nobody in particular, without any capability.

        Where the Python environment lies in a folder only root may enter (``/root``), and no private root
        shows it, the one capability to read stays: Landlock has the say over what is read.
        """
        changes = self.user is not None and not (self.level == "full" and self.by_users)
        needed = changes and self.level != "full" and not _open_to_all(self.plan)
        keep = 1 << host.CAP_DAC_READ_SEARCH if needed else 0
        host.bound_capabilities(keep)
        if changes and self.user is not None:
            host.become(self.user, keep_capabilities=needed)
        host.drop_capabilities(keep)
        host.prctl(host.PR_SET_DUMPABLE, 1)


def accelerators() -> list[str]:
    """Return the device files of the accelerators."""
    found = [*Path("/dev").glob("nvidia*"), *Path("/dev/nvidia-caps").glob("*"), Path("/dev/kfd"), Path("/dev/dri")]
    return sorted(str(path) for path in found if path.exists() and not path.is_dir())


def _unused_user(parent: int, number: int) -> int:
    large = FIRST_USER + parent % PROCESSES * EACH + number % EACH
    for line in Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines():
        first, _, count = (int(word) for word in line.split())
        if first <= large < first + count:
            return large
    return FIRST_SMALL + (parent * 7 + number) % SMALL


def _open_to_all(plan: Plan) -> bool:
    """Return whether every folder of the Python environment may be entered by anyone."""
    paths = [Path(path) for path in (*(one.source for one in plan.shown), *plan.ours)]
    folders = {parent for path in paths for parent in path.parents}
    return all(folder.stat().st_mode & 0o001 for folder in folders)
