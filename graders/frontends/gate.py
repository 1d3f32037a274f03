"""The gate before anything reaches a student: the reference earns full points, the stub none."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graders.engine.card import Card
    from graders.engine.key import Key
    from graders.engine.observation import Observation, Question
    from graders.engine.verdict import ExerciseVerdict


class CellFailedError(RuntimeError):
    """A cell of the course's own notebook raises; the message names it."""


def gate(slug: str, seed: int, source: Any, stub: Any) -> tuple[str, ...]:
    """Return what keeps an assignment from being given out: one sentence each, naming the exercise; empty if nothing.

    Parameters
    ----------
    slug, seed
        The assignment, and the seed its hidden cases are drawn from.
    source, stub
        The notebook with solutions and the notebook without. Their setup, exercise and other locked cells are run in
        this process: both are the instructor's own.
    """
    from graders.cards import load
    from graders.keys import all_keys

    card = load(slug)
    complaints = _cells(card, source)
    if complaints:
        return tuple(complaints)

    keys = all_keys(slug, seed)
    complaints += [f"{exercise.name} has no key" for exercise in card.exercises if exercise.name not in keys]
    try:
        reference, nothing = namespace(source), namespace(stub)
    except CellFailedError as error:
        return (*complaints, str(error))
    for verdict in _verdicts(card, keys, reference):
        if verdict.score != verdict.points:
            earned = f"{verdict.score:g} of {verdict.points:g} points"
            complaints.append(f"the reference of {verdict.name} gets {earned}: {verdict.fact}")
    for verdict in _verdicts(card, keys, nothing):
        if verdict.score != 0 or verdict.status != "not-attempted":
            complaints.append(f"the stub of {verdict.name} gets {verdict.score:g} points and is {verdict.status!r}")
    return tuple(complaints)


def namespace(notebook: Any) -> dict[str, Any]:
    """Run the setup and exercise cells of a trusted notebook and return the names they define.

    Raises
    ------
    CellFailedError
        One of them raises.
    """
    names: dict[str, Any] = {"__name__": "descentlab_gate"}
    with redirect_stdout(io.StringIO()):
        for cell in notebook["cells"]:
            marks = cell["metadata"].get("nbgrader")
            if cell["cell_type"] == "code" and marks and not marks["grade"]:
                name = marks["grade_id"]
                try:
                    exec(compile(cell["source"], f"<cell {name}>", "exec"), names)  # noqa: S102 - our own
                except Exception as error:
                    raise CellFailedError(f"the cell {name} raises {type(error).__name__}: {error}") from error
    return names


def _cells(card: Card, source: Any) -> list[str]:
    """Whether card and notebook agree on exercises and points."""
    marks = [cell["metadata"]["nbgrader"] for cell in source["cells"] if "nbgrader" in cell["metadata"]]
    solutions = {mark["grade_id"] for mark in marks if mark["solution"]}
    points = {mark["grade_id"]: float(mark["points"]) for mark in marks if mark["grade"]}

    complaints = []
    for exercise in card.exercises:
        if exercise.name not in solutions:
            complaints.append(f"{exercise.name} has no exercise cell in solutions/{card.slug}.py")
        given = points.get(f"check_{exercise.name}")
        if given != exercise.points:
            complaints.append(
                f"{exercise.name} is worth {exercise.points:g} points on its card and {given} in its check cell"
            )
    return complaints + [
        f"{answer.name} is worth {answer.points:g} points on its card and {points.get(answer.name)} in the notebook"
        for answer in card.written
        if points.get(answer.name) != answer.points
    ]


def _verdicts(card: Card, keys: Mapping[str, Key], names: Mapping[str, Any]) -> tuple[ExerciseVerdict, ...]:
    from graders.engine.judge import judge
    from graders.engine.worker.answer import answer

    def ask(question: Question, seconds: float) -> Observation:  # noqa: ARG001 - our own code needs no clock
        return answer(names, question)

    return judge(card, keys, ask)
