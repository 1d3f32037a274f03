"""Work spread over processes: `concurrent.futures` by default, so that another engine can take its place.

A judge process computes the keys and has one warm worker of its own. A judge process that dies takes down the pool;
then what was under way is done again one by one, and only what kills its process a second time is a grader error.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from graders.frontends.grading import Graded, Terms, grade_safely, grader_error, kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from concurrent.futures import Executor

    from graders.engine.key import Key
    from graders.engine.source import Submission
    from graders.engine.worker.client import Zygote

    KeysFor = Callable[[str, int], Mapping[str, Key]]  # assignment and seed; importable by name

Tag = TypeVar("Tag")


class Judge:
    """One process's share: the keys, and a warm worker that is started when first needed."""

    def __init__(self, keys_for: KeysFor, terms: Terms, *, trust: bool) -> None:
        self.keys_for, self.terms, self.trust = keys_for, terms, trust
        self._keys: dict[str, Mapping[str, Key]] = {}
        self._zygote: Zygote | None = None

    @property
    def zygote(self) -> Zygote:
        """Return the warm worker."""
        if self._zygote is None:
            from graders.engine.worker.client import Zygote

            self._zygote = Zygote(trust=self.trust).__enter__()
        return self._zygote

    def keys(self, slug: str) -> Mapping[str, Key]:
        """Return the keys of an assignment, computed when first needed."""
        if slug not in self._keys:
            self._keys[slug] = self.keys_for(slug, self.terms.seed)
        return self._keys[slug]

    def restart(self) -> None:
        """Let the worker go; the next submission starts a new one."""
        self.close()

    def grade(self, submission: Submission) -> Graded:
        """Grade one submission whatever happens."""
        return grade_safely(self, submission, self.terms)

    def close(self) -> None:
        """End the warm worker."""
        zygote, self._zygote = self._zygote, None
        if zygote is not None:
            with suppress(Exception):  # it may be dead already
                zygote.__exit__(None, None, None)


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def grade_all(
    work: Iterable[tuple[Tag, Submission]], keys_for: KeysFor, terms: Terms, *, jobs: int, trust: bool
) -> Iterator[tuple[Tag, Graded]]:
    """Yield every submission's result as it is finished, at most ``jobs`` at a time."""
    if jobs == 1:
        judge = Judge(keys_for, terms, trust=trust)
        try:
            for tag, submission in work:
                yield tag, judge.grade(submission)
        finally:
            judge.close()
        return
    waiting = iter(work)
    while True:
        broken: list[tuple[Tag, Submission]] = []
        with _executor(keys_for, terms, jobs=jobs, trust=trust) as executor:
            yield from _through(executor, waiting, jobs + 1, broken)
        if not broken:
            return
        for tag, submission in broken:
            yield tag, _alone(submission, keys_for, terms, trust=trust)


def _through(
    executor: Executor, waiting: Iterator[tuple[Tag, Submission]], room: int, broken: list[tuple[Tag, Submission]]
) -> Iterator[tuple[Tag, Graded]]:
    """Keep ``room`` submissions under way; those lost with their process end up in ``broken``."""
    under_way: dict[Future[Graded], tuple[Tag, Submission]] = {}
    refused: deque[tuple[Tag, Submission]] = deque()
    more = True
    while more or under_way:
        while more and len(under_way) < room and not broken and not refused:
            one = next(waiting, None)
            if one is None:
                more = False
                break
            try:
                under_way[executor.submit(_grade, one[1])] = one
            except BrokenProcessPool:
                refused.append(one)
        if not under_way:
            break
        for future in wait(under_way, return_when=FIRST_COMPLETED).done:
            one = under_way.pop(future)
            try:
                graded = future.result()
            except BrokenProcessPool:
                broken.append(one)
                continue
            yield one[0], graded
    broken.extend(refused)


def _alone(submission: Submission, keys_for: KeysFor, terms: Terms, *, trust: bool) -> Graded:
    """Grade one submission in a process of its own."""
    with _executor(keys_for, terms, jobs=1, trust=trust) as executor:
        try:
            return executor.submit(_grade, submission).result()
        except BrokenProcessPool:
            reason = f"its process ended while grading {submission.path.name}"
            verdict = grader_error(submission.student, submission.assignment, str(submission.path), reason)
            return kept(verdict, pages=terms.pages)


@contextmanager
def _executor(keys_for: KeysFor, terms: Terms, *, jobs: int, trust: bool) -> Iterator[ProcessPoolExecutor]:
    # spawned, not forked: the judge's memory holds torch and threads
    executor = ProcessPoolExecutor(
        jobs, multiprocessing.get_context("spawn"), _begin, (keys_for, terms, trust, os.getpid())
    )
    try:
        yield executor
    except BaseException:
        # stopped from outside: nobody waits for what is under way
        for process in list((executor._processes or {}).values()):  # noqa: SLF001 - there is no public way
            process.terminate()
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()


_judge: Judge | None = None


def _begin(keys_for: KeysFor, terms: Terms, trust: bool, parent: int) -> None:
    global _judge  # noqa: PLW0603 - one judge a process
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    _judge = Judge(keys_for, terms, trust=trust)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    from multiprocessing.util import Finalize

    Finalize(_judge, _judge.close, exitpriority=10)


def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone, however it went."""
    while os.getppid() == parent:
        time.sleep(0.5)
    if _judge is not None:
        _judge.close()
    os._exit(1)


def _grade(submission: Submission) -> Graded:
    assert _judge is not None
    return _judge.grade(submission)
