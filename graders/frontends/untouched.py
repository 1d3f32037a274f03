"""Cells that stand in a submission as they were given out, and that nothing a student wrote can depend on.

A notebook shows demonstrations, most of their time figures. Where a student left one as it was, uses none of its
names and could not have changed what it shows, running it again for everyone tells nothing: grading passes it over, and
a page shows what it showed once. In doubt a cell runs.
"""

from __future__ import annotations

import builtins
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from symtable import symtable
from typing import TYPE_CHECKING, Any

from graders.engine.source import Cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ASSIGNMENTS = Path(__file__).resolve().parents[2] / "assignments"
# what reaches names without naming them, or the state that all cells share
ANYTHING = re.compile(
    r"\b(?:globals|locals|vars|dir|eval|exec|getattr|get_ipython|__main__|__dict__|sys|inspect|gc|user_ns)\b"
    r"|^\s*[%!]|import \*",
    re.MULTILINE,
)
HISTORY = re.compile(r"_+(?:i*|i?\d+)|In|Out")  # what IPython keeps of earlier cells
SHARED = re.compile(r"rand|seed|rcParams|plt\.style|set_default|set_num|warnings|environ|open\(|del |import |setattr")
MADE_FOR = frozenset({"grade", "solution", "task"})


@dataclass(frozen=True)
class Names:
    """The names a cell defines at its top level and those it needs from elsewhere."""

    stored: frozenset[str]
    loaded: frozenset[str]


def needless(cells: Sequence[Cell], slug: str) -> frozenset[str]:
    """Return the names of the cells that need not run."""
    given = stub_sources(slug)
    own = [names_of(cell.source) for cell in cells if cell.source not in given]
    if None in own or any(ANYTHING.search(cell.source) for cell in cells if cell.source not in given):
        return frozenset()
    changed = {name for names in own if names for name in names.stored}
    needed = {name for names in own if names for name in names.loaded}
    if any(HISTORY.fullmatch(name) for name in needed):
        return frozenset()
    passed = set()
    # from the last to the first: what a cell that runs needs, one before it has to define
    for cell in reversed([cell for cell in cells if cell.source in given]):
        names = names_of(cell.source)
        if names is None or names.stored & (needed | changed) or names.loaded & changed or SHARED.search(cell.source):
            needed |= names.loaded if names else set()
        else:
            passed.add(cell.name)
    return frozenset(passed)


def without(cells: Iterable[Cell], slug: str) -> tuple[Cell, ...]:
    """Return the cells that have to run."""
    kept = tuple(cells)
    passed = needless(kept, slug)
    return tuple(cell for cell in kept if cell.name not in passed)


@cache
def stub_sources(slug: str) -> frozenset[str]:
    """Return the sources of the code cells students get for an assignment; nothing where the course is not here."""
    return frozenset(cell.source for cell in stub_cells(slug))


@cache
def stub_cells(slug: str) -> tuple[Cell, ...]:
    """Return the code cells students get and write nothing into, in order and without those that check."""
    path = ASSIGNMENTS / slug / f"{slug}.ipynb"
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return ()
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    kept = [cell for cell in code if not MADE_FOR.intersection(_flags(cell["metadata"]))]
    return tuple(Cell(str(number), "".join(cell["source"])) for number, cell in enumerate(kept, 1))


def _flags(metadata: dict[str, Any]) -> set[str]:
    return {name for name, value in metadata.get("nbgrader", {}).items() if value is True}


@cache
def names_of(source: str) -> Names | None:
    """Return what a cell defines and needs at its top level, or None where it can't be read as Python."""
    try:
        tables = [symtable(source, "<cell>", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    stored: set[str] = set()
    loaded: set[str] = set()
    for table in tables:
        top = table is tables[0]
        for symbol in table.get_symbols():
            if top or symbol.is_global():
                if symbol.is_assigned() or symbol.is_imported():
                    stored.add(symbol.get_name())
                if symbol.is_referenced():
                    loaded.add(symbol.get_name())
        tables += table.get_children()
    return Names(frozenset(stored), frozenset(loaded - set(vars(builtins))))
