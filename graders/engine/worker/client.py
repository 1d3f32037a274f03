"""The judge's side of the worker: a warm process, and sessions in which a submission answers questions.

Everything that comes back is read by :mod:`graders.engine.wire`; nothing of a student's is ever imported,
called, unpickled or compared here.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from graders.engine.wire import WireError
from graders.engine.worker.channel import Channel, ClosedError, LateError, pair
from graders.engine.worker.places import library_paths, secret_places
from graders.engine.worker.session_client import GraderError, Session
from graders.engine.worker.zygote import CLEAN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from graders.engine.source import Cell

__all__ = ["GraderError", "IsolationUnavailable", "Session", "Zygote"]

ANSWER = "graders.engine.worker.answer"
START_SECONDS = 180.0
END_SECONDS = 5.0
RESTARTS = 1


class IsolationUnavailable(RuntimeError):  # noqa: N818 - it says what is the matter
    """The machine allows no isolation, and the submissions are not said to be trusted."""


class Zygote:
    """The warm process that every session is forked from. Safe to use from several threads.

    ``trust``: go on where this machine allows no isolation (level ``process``). ``level``: at most this level.
    ``isolation``: the level in force; ``reasons``: why the stronger ones are not.
    """

    def __init__(self, trust: bool = False, *, level: str | None = None) -> None:
        self.trust = trust
        self.isolation = ""
        self.reasons: dict[str, str] = {}
        self._wanted = level
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._base = ""
        self._numbers = 0
        self._generation = 0
        self._owner = os.getpid()
        self._sessions: set[Session] = set()

    def __enter__(self) -> Self:
        """Start the warm process; raises IsolationUnavailable or GraderError."""
        with self._lock:
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the process and everything that hangs on it."""
        self.close()

    def close(self) -> None:
        """End every session and the warm process."""
        if os.getpid() != self._owner:
            return
        for session in list(self._sessions):
            session.close()
        with self._lock:
            self._end()

    def session(self, cells: Sequence[Cell], *, pictures: bool = False, seconds: float = 60.0) -> Session:
        """Run a submission's cells in a process of their own and return it, ready for questions.

        ``pictures``: keep figures as images. ``seconds``: wall clock for the cells and all questions together.
        """
        session = Session(self, cells, pictures=pictures, seconds=seconds)
        self._sessions.add(session)
        session.begin()
        return session

    # -- for sessions -----------------------------------------------------------------------------------------

    def launch(self, *, devices: bool = False) -> tuple[Channel, int, int]:
        """Fork one confined process (with the accelerators, or without); return channel, number, generation."""
        with self._lock:
            for last in (False, True):
                if self._process is None or self._process.poll() is not None:
                    self._revive()
                ours, theirs = pair()
                self._numbers += 1
                try:
                    assert self._channel is not None
                    order = {"start": self._numbers, "devices": devices}
                    self._channel.send(order, time.monotonic() + END_SECONDS, (theirs.fileno(),))
                except (ClosedError, LateError) as error:
                    ours.close()
                    self._end_process()
                    if last:
                        raise GraderError("its warm process does not answer") from error
                    continue
                finally:
                    theirs.close()
                return ours, self._numbers, self._generation
        raise AssertionError

    def stop(self, number: int, generation: int) -> None:
        """Kill one session."""
        with self._lock, contextlib.suppress(ClosedError, LateError):
            if self._channel is not None and generation == self._generation:
                self._channel.send({"stop": number}, time.monotonic() + END_SECONDS)

    def forget(self, session: Session) -> None:
        """Drop a closed session."""
        self._sessions.discard(session)

    def lost(self, generation: int) -> bool:
        """Return whether the warm process a session came from is gone (so its end was not the student's doing)."""
        with self._lock:
            process = self._process
            return generation != self._generation or process is None or _gone(process)

    # -- the process ------------------------------------------------------------------------------------------

    def _revive(self) -> None:
        if self._generation > RESTARTS or self._generation == 0:
            raise GraderError("its warm process ended" if self._generation else "it was not started")
        self._end()
        self._start()

    def _start(self) -> None:
        self._base = tempfile.mkdtemp(prefix="descentlab-")
        Path(self._base).chmod(0o711)
        warm = str(Path(self._base) / "warm")
        Path(warm).mkdir(mode=0o755)
        ours, theirs = socket.socketpair()
        with theirs, (Path(self._base) / "errors").open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(Path(__file__).with_name("zygote.py"))],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env={**CLEAN, **_kept(), **dict.fromkeys(("HOME", "MPLCONFIGDIR", "IPYTHONDIR", "TMPDIR"), warm)},
                cwd=warm,
                start_new_session=True,
            )
        self._channel = Channel(ours)
        self._generation += 1
        order = {
            "answer": ANSWER,
            "base": warm,
            "paths": library_paths(),
            "hidden": secret_places(),
            "level": self._wanted,
            "trust": self.trust,
        }
        try:
            until = time.monotonic() + START_SECONDS
            self._channel.send(order, until)
            ready = self._channel.receive(until)
        except (ClosedError, LateError, WireError) as error:
            reason = self._last_words()
            self._end()
            raise GraderError(f"its warm process does not start{reason}") from error
        self.reasons = dict(ready["reasons"])
        if ready["level"] is None:
            self._end()
            why = "; ".join(f"{level}: {reason}" for level, reason in self.reasons.items())
            raise IsolationUnavailable(
                "This machine allows no isolation of submissions"
                + (f" ({why})" if why else "")
                + ". Run the grader in a Linux container or virtual machine, or say that you trust "
                "the submissions: --trust-submissions."
            )
        self.isolation = str(ready["level"])

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = (Path(self._base) / "errors").read_text("utf-8", "replace").strip().splitlines()
            if lines:
                return f": {lines[-1][:300]}"
        return ""

    def _end(self) -> None:
        self._end_process()
        if self._base:
            shutil.rmtree(self._base, ignore_errors=True)
            self._base = ""

    def _end_process(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                process.send_signal(signal.SIGKILL)
            process.wait()


def _kept() -> dict[str, str]:
    """Return where the accelerator's libraries are: the one thing of the environment a worker inherits."""
    return {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}


def _gone(process: subprocess.Popen[bytes]) -> bool:
    """Return whether the process has ended, giving the kernel a moment to say so."""
    for _ in range(20):
        if process.poll() is not None:
            return True
        time.sleep(0.002)
    return False
