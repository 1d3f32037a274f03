"""What was measured as a table, for people (rich) and for the README (Markdown), and which targets are missed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from graders.engine.tolerance import MARGIN, ToleranceError, margins, tolerance
from graders.engine.tolerance import stated as bound_of
from tests.selftest.spread import mistake_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graders.engine.tolerance import Measured
    from tests.selftest.measure import Result

PAIRS_NAMED = 0.7  # of the pairs; a pair may be missed, never misnamed

VERDICTS = (
    "exercise", "correct programs", "rejected", "known mistakes", "accepted", "named rightly", "wrongly", "not named",
    "pairs named", "uncatalogued", "accepted", "named", "mutants", "accepted",
)  # fmt: skip
TOLERANCES = (
    "exercise", "dtype", "correct programs differ by", "stated at most", "tolerance", "nearest mistake", "which",
    "margins", "nearest known mistake seen", "left to float64",
)  # fmt: skip
NOTE = "Correct programs include mutants that are still right; known mistakes are programs and the catalogue's own numbers."
WRITE = "run python -m tests.selftest --write"
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


def tolerance_rows(measured: Sequence[Measured], stated: Sequence[Measured]) -> list[list[str]]:
    """Return one row per exercise, dtype and device, as in ``TOLERANCES``: what was measured, beside what is stated."""
    return [_tolerance_row(row, [one for one in stated if one.exercise == row.exercise]) for row in measured]


def _tolerance_row(row: Measured, stated: Sequence[Measured]) -> list[str]:
    try:
        tau = tolerance(row.dtype, stated)
    except ToleranceError:
        tau = math.nan
    bound = bound_of(stated, row.dtype, row.device)
    below, above = margins(tau, row.spread, row.nearest)
    return [
        row.exercise,
        row.dtype if row.device == "cpu" else row.where,
        f"{row.spread:.1e}",
        "" if bound is None else f"{bound:.0e}",
        f"{tau:.0e}",
        _off(row.nearest),
        mistake_of(row.closest),
        f"{_times(below)} / {_times(above)}",
        "" if row.known is None else f"{mistake_of(row.known_as)} {_off(row.known)}".strip(),
        "" if row.left is None else str(row.left),
    ]


def _off(deviation: float) -> str:
    return f"{deviation:.1e}" if math.isfinite(deviation) else "in form only"


def _times(margin: float) -> str:
    if math.isinf(margin):
        return "all"
    return f"{margin:.0f}x" if margin < 1e4 else f"{margin:.0e}x".replace("e+0", "e")


def missed(result: Result, stated: Sequence[Measured]) -> list[str]:
    """Return one sentence for every target an exercise misses, naming the program or the pair at fault.

    ``stated`` holds the figures the tolerances are derived from, and what the reports say of right programs.
    """
    found = [f"a correct program is rejected: {one}" for one in result.rejected]
    for tally in (result.wrong, result.pairs, result.unknown, result.catalogue, result.catalogue_pairs):
        found += [f"a mistake is accepted: {one}" for one in tally.accepted]
        found += [f"a mistake gets a wrong name: {one}" for one in tally.misnamed]
    found += [f"a known mistake gets no name: {one}" for one in (*result.wrong.silent, *result.catalogue.silent)]
    for tally in (result.pairs, result.catalogue_pairs):
        if tally.tried and tally.named < PAIRS_NAMED * tally.tried:
            found += [f"too many pairs get no name: {one}" for one in tally.silent]
    found += [f"a mutant is accepted: {one}" for one in result.survivors]
    for measured in result.measured:
        found += _contradicted(measured, [one for one in stated if one.exercise == result.exercise])
    return [f"{result.exercise}: {one}" for one in (*found, *result.broken)]


def _contradicted(measured: Measured, stated: Sequence[Measured]) -> list[str]:
    """Return what the figures that were measured now say against those the tolerance is derived from."""
    where = f"in {measured.where}"
    try:
        tau = tolerance(measured.dtype, stated)
    except ToleranceError as error:
        return [f"{where} there is no tolerance: {error}"]
    found = []
    below, above = margins(tau, measured.spread, measured.nearest)
    if min(below, above) < MARGIN:
        found.append(
            f"{where} the tolerance {tau:.0e} lies {below:.1f} times above {measured.widest} "
            f"({measured.spread:.1e}) and {above:.1f} times below {measured.closest} ({measured.nearest:.1e}); "
            f"{MARGIN:g} times are due"
        )
    bound = bound_of(stated, measured.dtype, measured.device)
    if bound is None and measured.device == "cpu":
        found.append(f"{where} no figures are stated; {WRITE}")
    if bound is not None and measured.spread > bound:
        found.append(
            f"{where} the correct program {measured.widest} is {measured.spread:.1e} off, and at most {bound:.0e} "
            f"is stated; {WRITE}"
        )
    return found


def verdicts(results: Sequence[Result]) -> str:
    """Return the first table as Markdown, with its note."""
    return f"{_markdown(VERDICTS, verdict_rows(results))}\n{NOTE}\n\n"


def tolerances(measured: Sequence[Measured]) -> str:
    """Return the second table as Markdown."""
    return _markdown(TOLERANCES, tolerance_rows(measured, measured))


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    ruler = ["---", *["--:"] * (len(head) - 1)]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ruler, *rows))


def show(results: Sequence[Result], stated: Sequence[Measured]) -> None:
    """Print both tables, and what misses its target."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=220)
    for title, head, rows in (
        ("Verdicts", VERDICTS, verdict_rows(results)),
        ("Tolerance", TOLERANCES, tolerance_rows([row for result in results for row in result.measured], stated)),
    ):
        table = Table(title=title, title_justify="left")
        for place, name in enumerate(head):
            table.add_column(name, justify="left" if place == 0 or name == "which" else "right")
        for row in rows:
            table.add_row(*row, style="bold" if row[0] == "all" else None)
        console.print(table)
    for result in results:
        for sentence in missed(result, stated):
            console.print(sentence, style="red", markup=False, highlight=False)
