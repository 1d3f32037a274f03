"""``check(train_batch)``: the check cell of a notebook.

It runs the public cases in the student's own process, with the public key that lies beside the notebook, and shows
the report: HTML with a picture in a notebook, text elsewhere. Nothing here decides a mark: marks are made by the
worker and the judge, where this function does nothing.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graders import cards
from graders.frontends.html import message_html, report_html
from graders.frontends.text import paragraph, report_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graders.engine.key import Key
    from graders.engine.observation import Observation, Question
    from graders.engine.verdict import ExerciseVerdict

# nbgrader sets these for the kernel: the first while `nbgrader validate` runs, the second then and in a stock
# `nbgrader autograde`. Both take a cell without an error as passed, so there a failed check raises.
GRADED_BY_ERRORS = ("NBGRADER_VALIDATING", "NBGRADER_EXECUTION")
VALIDATE_WIDTH = 80  # `nbgrader validate` cuts lines at 87 columns, four of them its own indentation


class CheckFailed(Exception):  # noqa: N818 - the name is what a student reads
    """A check that did not pass, where only an error counts; its text is the whole report."""

    def _render_traceback_(self) -> list[str]:
        """Show the report alone in IPython, without the frames that led here."""
        return [str(self)]


class CannotCheck(Exception):  # noqa: N818 - a message, shown and never raised to the student
    """The check could not be made; the message says why and what to do."""


@dataclass(frozen=True, repr=False)
class Shown:
    """What a check displays: text, and HTML where there is a notebook."""

    text: str
    html: str = ""

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str | None:
        return self.html or None


def check(function: Any, name: str | None = None) -> None:
    """Check one exercise with its public cases and show what is right or wrong.

    Parameters
    ----------
    function
        The function (or class) itself: ``check(train_batch)``.
    name
        The exercise it answers, where it has another name: ``check(my_version, "train_batch")``.

    Raises
    ------
    CheckFailed
        It does not pass, and nbgrader runs the notebook, where an error is the only way to say so.
    """
    try:
        verdict = examine(function, name)
    except CannotCheck as problem:
        passed, shown = False, _message(str(problem))
    except Exception as problem:
        sentence = f"The check failed, not you: {type(problem).__name__}: {problem}"
        passed, shown = False, _message(f"{sentence}\nPlease tell your instructor.")
    else:
        passed, shown = verdict.status == "passed", _report(verdict)
    if not passed and _validating():
        raise CheckFailed(shown.text) from None
    _display(shown)


def examine(function: Any, name: str | None = None) -> ExerciseVerdict:
    """Return the verdict on the public cases, showing nothing.

    Raises
    ------
    CannotCheck
        ``function`` is no function, no exercise has its name, or the public key is missing or unusable.
    """
    exercise = _exercise_name(function, name)
    card = cards.find(exercise)
    if card is None:
        raise CannotCheck(_unknown(exercise))
    key = public_key(card.slug, exercise)
    from graders.engine.judge import judge
    from graders.engine.worker.answer import answer

    def ask(question: Question, _seconds: float) -> Observation:
        with undisplayed():
            observation = answer({exercise: function}, question)
        if observation.error is not None and observation.error.type == "KeyboardInterrupt":
            raise KeyboardInterrupt  # the student stops the cell, not one call
        return observation

    (verdict,) = judge(card, {exercise: key}, ask)
    return verdict


def public_key(slug: str, exercise: str) -> Key:
    """Return the public key of an exercise, from ``SLUG.key.json`` in this folder, beside it or above it.

    Raises
    ------
    CannotCheck
        There is none, or it cannot be used.
    """
    from graders.engine.key import DamagedKeyError

    file = key_file(slug)
    if file is None:
        raise CannotCheck(
            f"{slug}.key.json is missing. It comes with the assignment; put it into the folder of your notebook "
            "and run this cell again."
        )
    try:
        status = file.stat()
        return _keys(file, status.st_mtime_ns, status.st_size)[exercise]
    except DamagedKeyError as problem:
        raise CannotCheck(f"{file.name} cannot be used: {problem}.") from problem
    except KeyError as problem:
        raise CannotCheck(f"{file.name} has no entry for {exercise}; fetch the assignment's folder again.") from problem
    except (OSError, UnicodeDecodeError) as problem:
        raise CannotCheck(f"{file.name} cannot be read; fetch the assignment's folder again.") from problem


def key_file(slug: str) -> Path | None:
    """Return the nearest public key of the assignment: here, in its own folder here, or further up."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        for place in (folder, folder / slug, folder / "assignments" / slug):
            file = place / f"{slug}.key.json"
            if file.is_file():
                return file
    return None


@lru_cache(maxsize=16)
def _keys(file: Path, _changed: int, _size: int) -> dict[str, Key]:
    from graders.engine.key import load

    return load(file.read_text(encoding="utf-8"))


def _exercise_name(function: Any, name: str | None) -> str:
    if not callable(function):
        raise CannotCheck(_not_a_function(function))
    found = name if name is not None else getattr(function, "__name__", None)
    if not isinstance(found, str) or found == "<lambda>":
        raise CannotCheck('This function has no name. Say which exercise it answers: check(function, "train_batch").')
    return found


def _not_a_function(value: object) -> str:
    if isinstance(value, str) and cards.find(value) is not None:
        return f"check takes the function itself, without quotes: check({value})."
    kind = type(value).__name__
    article = "" if value is None else "an object of type "
    return (
        "check takes the function itself, such as check(train_batch), and calls it on its own. "
        f"It was given {article}{kind.removesuffix('Type')}."
    )


def _unknown(name: str) -> str:
    known = [exercise for names in cards.EXERCISES.values() for exercise in names]
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"No exercise is called {name}. Did you mean {near[0]}?"
    return f"No exercise is called {name}. The name of your function is the name of the exercise."


def _report(verdict: ExerciseVerdict) -> Shown:
    width = VALIDATE_WIDTH if _validating() else 100
    text = report_text(verdict, width=width)
    if _shell() is None:
        return Shown(text)
    from graders.frontends.curve import curve_svg

    return Shown(text, report_html(verdict, picture=curve_svg(verdict.report), rich=True))


def _message(message: str) -> Shown:
    text = "\n".join(line.strip() for line in paragraph([message], VALIDATE_WIDTH))
    return Shown(text, message_html(message, rich=True))


def _display(shown: Shown) -> None:
    """Show it once: this function's caller returns None, so that a cell's last line shows nothing more."""
    if _shell() is None:
        print(shown)
        return
    from IPython.display import display

    display(shown)


def _validating() -> bool:
    return any(variable in os.environ for variable in GRADED_BY_ERRORS)


def _shell() -> Any:
    """Return the running IPython shell, or None; never imports IPython."""
    module = sys.modules.get("IPython")
    return None if module is None else module.get_ipython()


@contextlib.contextmanager
def undisplayed() -> Iterator[None]:
    """Keep what a student's function displays out of the notebook; prints and figures are kept out by the answer."""
    if _shell() is None:
        yield
        return
    from IPython.utils.capture import capture_output

    with capture_output(stdout=False, stderr=False):
        yield
