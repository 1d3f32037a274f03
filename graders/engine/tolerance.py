"""The tolerance of an exercise, derived from what the self-test measured: between right programs and mistakes.

The rule, for each dtype, over every device it was measured on:

1. the course's tolerance, where it lies at least 10 times above the spread of the right programs and at least 10 times
   below the nearest mistake;
2. otherwise the one nearest to it, in one digit, that does;
3. otherwise there is none: :class:`ToleranceError` names the two programs that are too close to each other.

An exercise of which nothing is measured, because it is judged by properties, keeps the course's tolerance.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COURSE = {"float64": 1e-9, "float32": 1e-5}
EPSILON = {"float64": 2.0**-52, "float32": 2.0**-23}
MARGIN = 10.0  # at least, from the right programs to the tolerance and from there to the nearest mistake
SAFETY = 5.0  # other cases and other processors round otherwise: what is stated lies this far above what was measured


class ToleranceError(ValueError):
    """No tolerance tells right programs from mistakes; the message names the pair."""


@dataclass(frozen=True)
class Measured:
    """What was measured of one exercise in one dtype on one device; deviations are relative, as judged.

    ``spread`` is the largest deviation of a right program, ``widest`` that program; ``nearest`` the smallest deviation
    of a mistake this dtype has to tell, infinite where all of them show in their form, ``closest`` that mistake.
    In float32 alone: ``known`` is the smallest deviation of a known mistake that moves a result by more than right
    programs differ, infinite where there is none, ``known_as`` that mistake, and ``left`` the number of known mistakes
    float32 does not tell with the margin that is due, or does not see at all: float64 decides there.
    """

    exercise: str
    dtype: str
    device: str
    spread: float
    widest: str
    nearest: float
    closest: str = ""
    known: float | None = None
    known_as: str = ""
    left: int | None = None

    @property
    def where(self) -> str:
        """Return "float32 on cpu"."""
        return f"{self.dtype} on {self.device}"

    def rounded(self) -> Measured:
        """Return the same in two digits, right programs rounded up, mistakes down: never a wider gap than measured."""
        known = None if self.known is None else digits(self.known, 2, ROUND_FLOOR)
        return replace(
            self,
            spread=digits(self.spread, 2, ROUND_CEILING),
            nearest=digits(self.nearest, 2, ROUND_FLOOR),
            known=known,
        )


def tolerance(dtype: str, measured: Iterable[Measured]) -> float:
    """Return the tolerance of an exercise in a dtype, by the rule above.

    Raises
    ------
    ToleranceError
        Neither the course's tolerance nor one of its own is 10 times away from both.
    """
    rows = [row for row in measured if row.dtype == dtype]
    if not rows:
        return COURSE[dtype]
    wide, close = max(rows, key=lambda row: row.spread), min(rows, key=lambda row: row.nearest)
    least = digits(MARGIN * wide.spread, 1, ROUND_CEILING)
    most = digits(close.nearest / MARGIN, 1, ROUND_FLOOR)
    for tau in (COURSE[dtype], max(COURSE[dtype], least), min(COURSE[dtype], most)):
        if min(margins(tau, wide.spread, close.nearest)) >= MARGIN:
            return tau
    raise ToleranceError(
        f"{wide.exercise}: no tolerance in {dtype} lies {MARGIN:g} times above the right program {wide.widest} "
        f"({wide.spread:.1e} off on {wide.device}) and {MARGIN:g} times below the mistake {close.closest} "
        f"({close.nearest:.1e} off on {close.device})"
    )


def margins(tau: float, spread: float, nearest: float) -> tuple[float, float]:
    """Return how many times a tolerance lies above the spread, and the nearest mistake above the tolerance."""
    return (tau / spread if spread else math.inf), (nearest / tau if tau else 0.0)


def at_most(measured: Measured) -> float:
    """Return what right programs are stated to differ by at most: five times the spread, rounded up to one digit.

    One rounding more is always allowed: a spread below the dtype's epsilon counts as epsilon.
    """
    return digits(SAFETY * max(measured.spread, EPSILON[measured.dtype]), 1, ROUND_CEILING)


def stated(measured: Iterable[Measured], dtype: str, device: str) -> float | None:
    """Return what right programs differ by at most, or None where that was not measured."""
    return next((at_most(row) for row in measured if (row.dtype, row.device) == (dtype, device)), None)


def digits(value: float, count: int, rounding: str | None = None) -> float:
    """Return a number in so many significant digits, to the nearest unless told otherwise; 0 and infinity as is."""
    if value == 0 or math.isinf(value):
        return value
    exact = Decimal(f"{value:.12g}")  # 5 * 6e-16 is 3e-15, whatever is left over in binary
    return float(exact.quantize(Decimal((0, (1,), exact.adjusted() - count + 1)), rounding))


def dump(measured: Sequence[Measured]) -> str:
    """Return figures as text: JSON, a line each, null for infinity."""
    lines = []
    for row in measured:
        record = {
            name: None if value == math.inf else value for name, value in asdict(row).items() if value not in {None, ""}
        }
        lines.append(json.dumps(record))
    return '{"measured": [\n' + ",\n".join(lines) + "\n]}\n"


def load(text: str) -> tuple[Measured, ...]:
    """Return the figures of a text that ``dump`` made.

    Raises
    ------
    ValueError, KeyError, TypeError
        It is no such text.
    """
    return tuple(map(_row, json.loads(text)["measured"]))


def _row(record: dict[str, Any]) -> Measured:
    fields: dict[str, Any] = {name: math.inf if value is None else value for name, value in record.items()}
    return Measured(**fields)
