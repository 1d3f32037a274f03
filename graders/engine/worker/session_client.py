"""One submission in its worker, as the judge sees it: it answers, or it does not."""

from __future__ import annotations

import secrets
import select
import threading
import time
from typing import TYPE_CHECKING, Any

from graders.engine.observation import Observation, Raised
from graders.engine.wire import (
    CellRun,
    WireError,
    cell_from_plain,
    clean,
    observation_from_plain,
    question_to_plain,
    unpack_body,
)
from graders.engine.worker.channel import Channel, ClosedError, LateError, pair, wait

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from typing import Self

    from graders.engine.observation import Question
    from graders.engine.source import Cell
    from graders.engine.worker.client import Zygote

CELL_SECONDS = 20.0
SHORT_SECONDS = 2.0
OBEY_SECONDS = 1.0
CLOSE_SECONDS = 5.0
STARTS = 40
SHOWN = 16_000_000  # characters of all cells together: the worker cuts far earlier, a forged frame does not
ATTEMPTS = 2
MODES = {"run": "definitions", "definitions": "skip"}
BROKEN = frozenset({"timed-out", "died", "unreadable"})
USED_UP = "the time of the whole submission is used up"


class GraderError(RuntimeError):
    """Our own failure; no student is to blame for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The grader failed, not you: {reason}.")


class Session:
    """Runs a submission's cells once; every question is answered by a fresh fork of the state after them.

    ``ran`` holds what each cell did. A cell that ends the process or never finishes is run again for its
    definitions only. A session that dies is started again for the questions that remain.
    """

    def __init__(self, zygote: Zygote, cells: Sequence[Cell], *, pictures: bool, seconds: float) -> None:
        self.ran: tuple[CellRun, ...] = ()
        self._zygote = zygote
        self._cells = [(cell.name, cell.source) for cell in cells]
        self._modes = ["run"] * len(self._cells)
        self._broken: dict[int, CellRun] = {}
        self._pictures = pictures
        self._left = seconds
        self._names: frozenset[str] = frozenset()
        self._slow: set[str] = set()
        self._complete = self._devices = self._closed = False
        self._cell_seconds = min(CELL_SECONDS, max(1.0, seconds / 3))
        self._channel: Channel | None = None
        self._number = self._generation = self._asked = self._starts = 0
        self._lock = threading.RLock()

    def __enter__(self) -> Self:
        """Return the session, whose cells have run."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the session and everything it started."""
        self.close()

    def close(self) -> None:
        """End the session's processes and wait until they are gone."""
        with self._lock:
            self._drop()
            self._closed = True
        self._zygote.forget(self)

    def has(self, name: str) -> bool:
        """Return whether the cells left something of that name."""
        return name in self._names

    def ask(self, question: Question, seconds: float = 10.0) -> Observation:
        """Make one call in a fresh process and return what it did; ``seconds`` is its wall clock."""
        with self._lock:
            started = time.monotonic()
            end = started + self._left
            try:
                for attempt in range(ATTEMPTS):
                    seen = self._ask(question, seconds, end, last=attempt == ATTEMPTS - 1)
                    if seen is not None:
                        return seen
                raise GraderError("its warm process ended again and again")
            finally:
                self._left -= time.monotonic() - started

    def ask_in_turn(self, questions: Sequence[Question], seconds: float = 10.0) -> Generator[Observation]:
        """Make several calls one after the other in one fresh process; yield each answer as it comes.

        Stops early where the process does not answer: what is left has to be asked each for itself.
        """
        if self._channel is None or self._devices or not questions:
            return
        self._asked += 1
        mine, theirs = pair()
        try:
            with theirs:
                order = {"ask": self._asked, "here": False}
                self._channel.send(order, time.monotonic() + seconds, (theirs.fileno(),))
            for number, question in enumerate(questions, 1):
                seen = self._next(mine, question, seconds, more=number < len(questions))
                if seen is None:
                    return
                yield seen
                if seen.outcome in BROKEN:
                    return
        except (LateError, ClosedError, WireError):
            self._drop()
        finally:
            mine.close()

    def _next(self, mine: Channel, question: Question, seconds: float, *, more: bool) -> Observation | None:
        """Put the next question to a process that answers several; None where it is gone."""
        if self._channel is None:
            return None
        started = time.monotonic()
        until = started + min(seconds, self._left)
        nonce = secrets.token_hex(8)
        try:
            mine.send({"nonce": nonce, "question": question_to_plain(question), "more": more}, until)
            body = self._answer(mine, until)
            return Observation("died", text=body) if isinstance(body, str) else _read(body, nonce)
        except LateError:
            self._slow.add(question.function)
            self._stop_child()
            return Observation("timed-out", seconds=time.monotonic() - started)
        finally:
            self._left -= time.monotonic() - started

    # -- the cells --------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start the process and run the cells, as often as cells that end it make necessary."""
        with self._lock:
            started = time.monotonic()
            try:
                self._start_over(started + self._left)
            finally:
                self._left -= time.monotonic() - started

    def _start_over(self, until: float) -> None:
        try:
            while time.monotonic() < until and self._starts < STARTS and not self._run_cells(until):
                pass
        except GraderError:
            self._drop()
            raise

    def _run_cells(self, until: float) -> bool:
        """Run the cells in a new process; False if one of them broke it."""
        self._drop()
        self._channel, self._number, self._generation = self._zygote.launch(devices=self._devices)
        self._starts += 1
        cells = [[name, source, mode] for (name, source), mode in zip(self._cells, self._modes, strict=True)]
        todo = [index for index, mode in enumerate(self._modes) if mode != "skip"]
        runs: dict[int, CellRun] = dict(self._broken)
        at, shown = -1, 0
        try:
            order = {"cells": [cells[index] for index in todo], "pictures": self._pictures}
            self._channel.send(order, until)
            self._confined(until)
            at = 0
            for at in todo:
                run = self._cell(min(time.monotonic() + self._cell_seconds, until))
                shown += _size(run)
                outputs = run.outputs if shown <= SHOWN else ()
                runs.setdefault(at, CellRun(self._cells[at][0], outputs, run.error))
            at = len(self._cells)
            done = self._received(min(time.monotonic() + self._cell_seconds, until))
            names = done.get("names")
            names = names if isinstance(names, list) else []
            self._names = frozenset(name for name in names if isinstance(name, str))
        except (LateError, ClosedError, WireError) as error:
            lost = self._zygote.lost(self._generation)
            self._drop()
            if at < 0 and not lost and (self._starts == 1 or not isinstance(error, LateError)):
                raise GraderError("a worker ended before it began") from error
            if at >= 0 and not lost:
                self._break(at, error)
            self._keep(runs)
            return False
        self._keep(runs)
        self._complete = True
        return True

    def _received(self, until: float) -> dict[str, Any]:
        assert self._channel is not None
        plain = self._channel.receive(until)
        if not isinstance(plain, dict):
            raise WireError("this is no message")
        return plain

    def _confined(self, until: float) -> None:
        """Read the worker's first message, sent before any student's code runs: only now may it say that it failed."""
        first = self._received(until)
        if "refused" in first:
            raise GraderError(f"a worker could not be confined ({clean(str(first['refused']), 300)})")

    def _cell(self, until: float) -> CellRun:
        return cell_from_plain(self._received(until))

    def _break(self, at: int, error: Exception) -> None:
        """Note that a cell broke the process; next time only its definitions are run, then nothing of it."""
        if not 0 <= at < len(self._cells):
            at = len(self._cells) - 1
        if at < 0:
            return
        name = self._cells[at][0]
        self._modes[at] = MODES.get(self._modes[at], "skip")
        kinds = {
            LateError: Raised("TimeoutError", "the cell does not end in the time it has"),
            ClosedError: Raised("SystemExit", "the cell ends the process"),
        }
        why = kinds.get(type(error), Raised("RuntimeError", "what the cell shows can't be read"))
        self._broken.setdefault(at, CellRun(name, (_error_output(why),), why))

    def _keep(self, runs: dict[int, CellRun]) -> None:
        """Keep what the cells did, of the first time they ran through."""
        if not self._complete:
            runs = {**runs, **self._broken}
            self.ran = tuple(runs.get(at, CellRun(name)) for at, (name, _) in enumerate(self._cells))

    # -- the questions ----------------------------------------------------------------------------------------

    def _ask(self, question: Question, seconds: float, end: float, *, last: bool) -> Observation | None:
        """Ask once; None when the session broke, which an earlier answer may have caused, or we ourselves."""
        if self._closed:
            raise GraderError("its session was closed")
        if question.device != "cpu" and not self._devices:
            return self._ask_on_device(question, seconds)
        if self._channel is None:
            self._start_over(end)
        limit = min(SHORT_SECONDS, seconds) if question.function in self._slow else seconds
        started = time.monotonic()
        until = min(started + limit, end)
        if self._channel is None or started >= end:
            return Observation("timed-out", text=USED_UP)
        self._asked += 1
        nonce = secrets.token_hex(8)
        mine, theirs = pair()
        try:
            with theirs:
                self._channel.send({"ask": self._asked, "here": self._devices}, until, (theirs.fileno(),))
            mine.send({"nonce": nonce, "question": question_to_plain(question)}, until)
        except LateError:
            pass
        except ClosedError:
            pass  # it has ended: the reason is read below
        try:
            body = self._answer(mine, until)
            if isinstance(body, str):
                return Observation("died", text=body)
            return _read(body, nonce)
        except LateError:
            self._slow.add(question.function)
            self._stop_child()
            return Observation("timed-out", seconds=time.monotonic() - started)
        except ClosedError:
            lost = self._zygote.lost(self._generation)
            self._drop()
            return None if lost or not last else Observation("died", text="it ended the whole session")
        except WireError as error:
            self._drop()
            return Observation("unreadable", text=str(error)) if last else None
        finally:
            mine.close()

    def _ask_on_device(self, question: Question, seconds: float) -> Observation:
        """Ask in a process that has the accelerators and runs the cells itself: their state survives no fork."""
        with Session(self._zygote, (), pictures=False, seconds=self._left) as alone:
            alone._cells, alone._modes, alone._devices = self._cells, list(self._modes), True
            alone._cell_seconds, alone._slow = self._cell_seconds, self._slow
            return alone.ask(question, seconds)

    def _answer(self, mine: Channel, until: float) -> bytes | str:
        """Return the answer's bytes, or the words on how the process ended."""
        assert self._channel is not None
        open_ends: dict[Any, int] = {mine: select.POLLIN, self._channel: select.POLLIN}
        while True:
            ready = wait(open_ends, until)
            if mine in ready and not mine.feed():
                del open_ends[mine]  # nothing more comes; how it ended is said on the other channel
            body = mine.take()
            if body is not None:
                return body
            if self._channel in ready:
                alive = self._channel.feed()
                how = self._ended()
                if how is not None or not alive:
                    body = _rest(mine)
                    if body is not None:
                        return body
                    if how is None:
                        raise ClosedError("the session is gone")
                    return how

    def _ended(self) -> str | None:
        """Return how the present question's process ended, if the session has said so."""
        assert self._channel is not None
        while (body := self._channel.take()) is not None:
            plain = unpack_body(body)
            number = plain.get("ended") if isinstance(plain, dict) else None
            if isinstance(number, int) and number == self._asked:
                how = plain.get("how")
                return clean(how, 200) if isinstance(how, str) else "it ended"
        return None

    def _stop_child(self) -> None:
        """Have the session kill the child that is late; a session that does not obey is ended itself."""
        if self._channel is None or self._devices:
            self._drop()
            return
        until = time.monotonic() + OBEY_SECONDS
        try:
            self._channel.send({"kill": self._asked}, until)
            while self._ended() is None:
                wait({self._channel: select.POLLIN}, until)
                if not self._channel.feed():
                    raise ClosedError("the session is gone")
        except (LateError, ClosedError, WireError):
            self._drop()

    def _drop(self) -> None:
        """End the session's processes and wait for their end."""
        channel, self._channel = self._channel, None
        if channel is None:
            return
        self._zygote.stop(self._number, self._generation)
        until = time.monotonic() + CLOSE_SECONDS
        try:
            while True:
                wait({channel: select.POLLIN}, until)
                if not channel.feed():
                    break
                channel.forget()
        except LateError:
            pass
        finally:
            channel.close()


def _size(run: CellRun) -> int:
    """Return how many characters a cell's outputs hold."""
    texts = [text for output in run.outputs for text in (output.get("text", ""), *output.get("data", {}).values())]
    return sum(map(len, texts)) + sum(len(line) for output in run.outputs for line in output.get("traceback", ()))


def _rest(mine: Channel) -> bytes | None:
    """Return the answer that was sent just before the process ended, if there is one."""
    while True:
        body = mine.take()
        if body is not None or not mine.feed_now():
            return body


def _read(body: bytes, nonce: str) -> Observation:
    try:
        plain = unpack_body(body)
        if not isinstance(plain, dict) or set(plain) != {"nonce", "observation"}:
            raise WireError("this is no answer")
        if not isinstance(plain["nonce"], str) or plain["nonce"] != nonce:
            raise WireError("this is no answer to the question")
        return observation_from_plain(plain["observation"])
    except WireError as error:
        return Observation("unreadable", text=str(error))


def _error_output(why: Raised) -> dict[str, Any]:
    lines = [f"{why.type}: {why.message}"]
    return {"output_type": "error", "ename": why.type, "evalue": why.message, "traceback": lines}
