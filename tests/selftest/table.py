"""What was measured as a table, for people (rich) and for the README (Markdown), and which targets are missed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.selftest.spread import MARGIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.selftest.measure import Result
    from tests.selftest.spread import Spread

PAIRS_NAMED = 0.7  # of the pairs; a pair may be missed, never misnamed

VERDICTS = (
    "exercise", "correct programs", "rejected", "known mistakes", "accepted", "named rightly", "wrongly", "not named",
    "pairs named", "uncatalogued", "accepted", "named", "mutants", "accepted",
)  # fmt: skip
TOLERANCES = (
    "exercise", "dtype", "correct programs differ by", "tolerance", "nearest mistake", "which", "margins",
)  # fmt: skip
PARTS = ("rejected", "wrong", "pairs", "unknown", "catalogue", "catalogue_pairs", "survivors", "broken")


def verdict_rows(results: Sequence[Result]) -> list[list[str]]:
    """Return one row per exercise and one of the sums, as in ``VERDICTS``."""
    rows = [_numbers(result) for result in results]
    sums = [sum(column) for column in zip(*rows, strict=True)] if rows else []
    names = [result.exercise for result in results]
    return [_verdict_row(name, row) for name, row in zip([*names, "all"], [*rows, sums], strict=True) if row]


def _numbers(result: Result) -> list[int]:
    known = (result.wrong, result.catalogue)
    pairs = (result.pairs, result.catalogue_pairs)
    return [
        result.right + result.equivalent,
        len(result.rejected),
        sum(one.tried for one in known),
        sum(len(one.accepted) for one in (*known, *pairs)),
        sum(one.named for one in known),
        sum(len(one.misnamed) for one in (*known, *pairs)),
        sum(len(one.silent) for one in known),
        sum(one.named for one in pairs),
        sum(one.tried for one in pairs),
        result.unknown.tried,
        len(result.unknown.accepted),
        len(result.unknown.misnamed),
        result.mutants,
        len(result.survivors),
    ]


def _verdict_row(name: str, row: Sequence[int]) -> list[str]:
    cells = [name, *map(str, row[:7]), f"{row[7]} of {row[8]}", *map(str, row[9:])]
    if not row[2]:  # judged by properties, and no programs yet
        cells[4:9] = ["-"] * 5
    return cells


def tolerance_rows(results: Iterable[Result]) -> list[list[str]]:
    """Return one row per exercise and dtype, as in ``TOLERANCES``."""
    return [_tolerance_row(spread) for result in results for spread in result.spreads]


def _tolerance_row(spread: Spread) -> list[str]:
    nearest = f"{spread.nearest:.1e}" if math.isfinite(spread.nearest) else "in form only"
    dtype = spread.dtype if spread.device == "cpu" else f"{spread.dtype} on {spread.device}"
    return [
        spread.exercise,
        dtype,
        f"{spread.spread:.1e}",
        f"{spread.tau:.0e}",
        nearest,
        spread.closest.partition("/")[2].partition("__")[0] or spread.closest,
        f"{_times(spread.below)} / {_times(spread.above)}",
    ]


def _times(margin: float) -> str:
    if math.isinf(margin):
        return "all"
    return f"{margin:.0f}x" if margin < 1e4 else f"{margin:.0e}x".replace("e+0", "e")


def missed(result: Result) -> list[str]:
    """Return one sentence for every target an exercise misses, naming the program or the pair at fault."""
    found = [f"a correct program is rejected: {one}" for one in result.rejected]
    for tally in (result.wrong, result.pairs, result.unknown, result.catalogue, result.catalogue_pairs):
        found += [f"a mistake is accepted: {one}" for one in tally.accepted]
        found += [f"a mistake gets a wrong name: {one}" for one in tally.misnamed]
    found += [f"a known mistake gets no name: {one}" for one in (*result.wrong.silent, *result.catalogue.silent)]
    for tally in (result.pairs, result.catalogue_pairs):
        if tally.tried and tally.named < PAIRS_NAMED * tally.tried:
            found += [f"too many pairs get no name: {one}" for one in tally.silent]
    found += [f"a mutant is accepted: {one}" for one in result.survivors]
    for spread in result.spreads:
        found += _narrow(spread)
    return [f"{result.exercise}: {one}" for one in (*found, *result.broken)]


def _narrow(spread: Spread) -> list[str]:
    where = f"in {spread.dtype} on {spread.device}"
    found = []
    if spread.below < MARGIN:
        found.append(
            f"{where} the tolerance {spread.tau:.0e} is only {spread.below:.1f} times the spread of correct programs "
            f"({spread.spread:.1e}, {spread.widest})"
        )
    if spread.above < MARGIN:
        found.append(
            f"{where} the nearest mistake ({spread.nearest:.1e}, {spread.closest}) is only {spread.above:.1f} times "
            f"the tolerance {spread.tau:.0e}"
        )
    return found


def markdown(results: Sequence[Result]) -> str:
    """Return both tables as Markdown."""
    return (
        f"{_markdown(VERDICTS, verdict_rows(results))}\n"
        "Correct programs include mutants that are still right; known mistakes are programs and the catalogue's own "
        "numbers.\n\n"
        f"{_markdown(TOLERANCES, tolerance_rows(results))}"
    )


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    ruler = ["---", *["--:"] * (len(head) - 1)]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ruler, *rows))


def show(results: Sequence[Result]) -> None:
    """Print both tables, and what misses its target."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=200)
    for title, head, rows in (
        ("Verdicts", VERDICTS, verdict_rows(results)),
        ("Tolerance", TOLERANCES, tolerance_rows(results)),
    ):
        table = Table(title=title, title_justify="left")
        for place, name in enumerate(head):
            table.add_column(name, justify="left" if place == 0 or name == "which" else "right")
        for row in rows:
            table.add_row(*row, style="bold" if row[0] == "all" else None)
        console.print(table)
    for result in results:
        for sentence in missed(result):
            console.print(sentence, style="red", markup=False, highlight=False)
