"""What is written down of a measurement: the figures that tolerances are derived from, and the tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from graders import cards
from graders.engine.tolerance import dump, tolerance
from tests.selftest.table import NOTE, tolerances, verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graders.engine.tolerance import Measured
    from tests.selftest.measure import Result

TABLE = Path(__file__).parent / "table.md"
README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"(<!-- selftest: begin -->\n).*(<!-- selftest: end -->)", re.DOTALL)


def renewed(stated: Sequence[Measured], results: Sequence[Result], device: str) -> tuple[Measured, ...]:
    """Return the stated figures with the new ones in their place, by exercise, float64 first, the CPU first.

    A measurement on another device than the CPU renews that device's figures only. An exercise that was not measured
    now is left out.
    """
    order = {result.exercise: place for place, result in enumerate(results)}
    rows = {(row.exercise, row.dtype, row.device): row for row in stated if row.exercise in order}
    for row in (row for result in results for row in result.measured):
        if device in {"cpu", row.device}:
            rows[row.exercise, row.dtype, row.device] = row.rounded()
    return tuple(sorted(rows.values(), key=lambda row: (order[row.exercise], row.dtype != "float64", row.device)))


def moved(stated: Sequence[Measured], results: Sequence[Result]) -> list[str]:
    """Return a sentence for every tolerance that new figures change: what was judged was judged by another.

    Raises
    ------
    ToleranceError
        The figures leave no room for a tolerance.
    """
    sentences = []
    for result in results:
        exercise = cards.load(result.slug).exercise(result.exercise)
        rows = [row for row in stated if row.exercise == result.exercise]
        for dtype, before in (("float64", exercise.tau), ("float32", exercise.tau32)):
            now = tolerance(dtype, rows)
            if now != before:
                sentences.append(
                    f"{result.exercise}: the tolerance in {dtype} is {now:.0e} from now on and was {before:.0e} "
                    "in this run; measure once more"
                )
    return sentences


def write(results: Sequence[Result], stated: Sequence[Measured], device: str) -> None:
    """Write the figures and the tables; of a measurement on another device than the CPU, what concerns that device."""
    cards.MEASURED.write_text(dump(stated), encoding="utf-8")
    first = (
        verdicts(results) if device == "cpu" else TABLE.read_text(encoding="utf-8").partition(NOTE)[0] + NOTE + "\n\n"
    )
    text = first + tolerances(stated)
    TABLE.write_text(text, encoding="utf-8")
    readme = README.read_text(encoding="utf-8")
    README.write_text(BLOCK.sub(lambda block: f"{block[1]}\n{text}\n{block[2]}", readme), encoding="utf-8")
