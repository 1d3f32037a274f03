"""Programs run in this process: their functions answer the judge's questions, within a limit of processor time."""

from __future__ import annotations

import linecache
import signal
import warnings
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graders.engine.judge import judge_exercise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graders.engine.card import Card, Exercise
    from graders.engine.key import Key
    from graders.engine.observation import Observation, Question
    from graders.engine.verdict import ExerciseVerdict

CORPUS = Path(__file__).parent.parent / "programs"
FILENAME = "<cell 1>"
SECONDS = 2.0  # processor time of one question; a mutant that takes longer is endless


class EndlessError(BaseException):
    """A program was stopped because it does not come to an end."""


def corpus(exercise: str, kind: str) -> list[Path]:
    """Return the programs of one kind, sorted by name."""
    return sorted((CORPUS / exercise / kind).glob("*.py"))


def expected_id(path: Path) -> str:
    """Return the mistake a program's name says it holds."""
    return path.stem.partition("__")[0]


def maker(source: str) -> Callable[[], dict[str, Any]]:
    """Return a function that runs the source in a namespace of its own."""
    linecache.cache[FILENAME] = (len(source), None, source.splitlines(keepends=True), FILENAME)
    code = compile(source, FILENAME, "exec", dont_inherit=True)

    def fresh() -> dict[str, Any]:
        namespace = {"__name__": "__main__"}
        exec(code, namespace)
        return namespace

    return fresh


@contextmanager
def limited(seconds: float = SECONDS) -> Iterator[None]:
    """Raise :class:`EndlessError` inside when the processor time is spent."""

    def stop(_signal: int, _frame: object) -> None:
        raise EndlessError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def ask(fresh: Callable[[], dict[str, Any]], question: Question, seconds: float = SECONDS) -> Observation:
    """Put one question to a fresh run of a program.

    Raises
    ------
    EndlessError
        The program does not come to an end.
    """
    from graders.engine.worker.answer import answer

    with limited(seconds):
        observation = answer(fresh(), question)
    if observation.error is not None and observation.error.type == EndlessError.__name__:
        raise EndlessError
    return observation


def judged(
    card: Card, exercise: Exercise, key: Key, source: str, seconds: float = 60.0, device: str = "cpu"
) -> ExerciseVerdict:
    """Return the verdict on a program, as grading gives it.

    Raises
    ------
    EndlessError
        The program does not come to an end.
    """
    from matplotlib import pyplot as plt
    from matplotlib import rc_context

    fresh = maker(source)
    with warnings.catch_warnings(), rc_context():
        warnings.simplefilter("ignore")
        try:
            return judge_exercise(card, exercise, key, lambda question, _: ask(fresh, question, seconds), device=device)
        finally:
            plt.close("all")


def unnamed(key: Key) -> Key:
    """Return a key without the known mistakes: whether a program passes does not depend on them."""
    return replace(key, mistakes=(), pairs=tuple)
