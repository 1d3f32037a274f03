"""Points: each aspect earns its share for the part of the cases it is right on.

Form alone earns nothing: an exercise has points only when some aspect of the numbers is right on a case beyond the
trivial ones (``epochs=0``, ``n=1``). Full points need everything right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graders.engine.card import Exercise
    from graders.engine.judged import Judged

FORMS = frozenset({"arguments", "hints"})


@dataclass(frozen=True)
class Marks:
    """The points of one exercise and where they come from: (aspect, earned, possible)."""

    score: float
    full: bool
    parts: tuple[tuple[str, float, float], ...]


def award(exercise: Exercise, judged: Sequence[Judged], *, hints_right: bool) -> Marks:
    """Return the points of an exercise.

    A value aspect earns ``weight * points * (cases right / cases that show it)``; ``arguments`` all or nothing, as
    ``hints``. Rounded to hundredths, never up to full points.
    """
    shares = {aspect: _share(aspect, judged, hints_right=hints_right) for aspect in exercise.aspects}
    values = [aspect for aspect in exercise.aspects if aspect not in FORMS]
    telling = [case for case in judged if not case.key.case.trivial]
    earned_something = any(
        case.has_aspect(aspect) and case.aspect_right(aspect) for case in telling for aspect in values
    )
    full = all(case.right for case in judged) and hints_right
    parts = tuple(
        (aspect, exercise.points * weight * (shares[aspect] if earned_something else 0.0), exercise.points * weight)
        for aspect, weight in exercise.aspects.items()
    )
    if full:
        return Marks(exercise.points, full=True, parts=parts)
    score = round(sum(earned for _, earned, _ in parts), 2)
    return Marks(max(0.0, min(score, exercise.points - 0.01)), full=False, parts=parts)


def _share(aspect: str, judged: Sequence[Judged], *, hints_right: bool) -> float:
    if aspect == "hints":
        return float(hints_right)
    if aspect == "arguments":
        return float(not any(case.changed for case in judged))
    showing = [case for case in judged if case.has_aspect(aspect)]
    if not showing:
        return 0.0
    return sum(case.aspect_right(aspect) for case in showing) / len(showing)
