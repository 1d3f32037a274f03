"""Odd and damaged notebooks around one right answer: what is handed in, and what becomes of it."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.hostile.program import RIGHT

if TYPE_CHECKING:
    from collections.abc import Callable

SLUG = "ps3_batch_descent"
STUB = Path(__file__).resolve().parents[2] / "assignments" / SLUG / f"{SLUG}.ipynb"
POINTS = 6.0
HUGE = 21 * 1024 * 1024


@dataclass(frozen=True)
class Odd:
    """One notebook file: ``score`` it earns, or None where it cannot be read and ``says`` why."""

    name: str
    content: bytes
    score: float | None = POINTS
    says: str = ""


def right() -> dict[str, Any]:
    """Return the stub with a right ``train_batch``."""
    notebook = json.loads(STUB.read_text(encoding="utf-8"))
    return _answered(notebook, RIGHT)


def _answered(notebook: dict[str, Any], answer: str) -> dict[str, Any]:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "train_batch":
            cell["source"] = answer
    return notebook


def _code(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source, **more}


def _with(change: Callable[[dict[str, Any]], Any]) -> bytes:
    """Return the right notebook after a change, as a file."""
    notebook = copy.deepcopy(right())
    change(notebook)
    return json.dumps(notebook).encode("ascii")


def _each_cell(**fields: Any) -> bytes:
    return _with(lambda notebook: [cell.update(copy.deepcopy(fields)) for cell in notebook["cells"]])


def _marks(**fields: Any) -> bytes:
    def change(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            if "nbgrader" in cell["metadata"]:
                cell["metadata"]["nbgrader"].update(fields)

    return _with(change)


def _top(**fields: Any) -> bytes:
    return _with(lambda notebook: notebook.update(fields))


def _more_cells(*cells: Any, first: bool = False) -> bytes:
    return _with(lambda notebook: notebook["cells"].__setitem__(slice(0, 0) if first else slice(len(notebook["cells"]), None), cells))  # fmt: skip


def _worksheets() -> bytes:
    """Return the right notebook in format 3, as old Jupyter wrote it."""
    cells = [
        {"cell_type": "code", "input": "".join(cell["source"]), "language": "python", "outputs": [], "metadata": {}}
        for cell in right()["cells"]
        if cell["cell_type"] == "code"
    ]
    sheet = {"cells": cells, "metadata": {}}
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [sheet]}).encode()


def _nested(levels: int) -> bytes:
    return _top().replace(b'"metadata"', b'"x": ' + b"[" * levels + b"]" * levels + b', "metadata"', 1)


def _in_markdown() -> bytes:
    def change(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            cell["cell_type"] = "markdown"

    return _with(change)


def _plain() -> bytes:
    return json.dumps(right(), indent=1).encode("ascii")


def _conflict() -> bytes:
    half = _plain().replace(b'"cells"', b'<<<<<<< HEAD\n"cells"\n=======\n"cells"\n>>>>>>> mine', 1)
    return half.replace(b"{", b"{\n", 1)


def _foreign(language: str) -> dict[str, Any]:
    return {"kernelspec": {"name": language.lower(), "display_name": language, "language": language}}


def _other_assignment() -> bytes:
    return _top(cells=[_code("def forward(x, w, b):\n    return w * x + b")])


# What is wrong with the file around the answer is nobody's fault: the answer counts.
HARMLESS = [
    Odd("plain", _plain()),
    Odd("windows_line_ends", _plain().replace(b"\n", b"\r\n")),
    Odd("byte_order_mark", b"\xef\xbb\xbf" + _plain()),
    Odd("utf16", _plain().decode().encode("utf-16")),
    Odd("metadata_is_a_list", _top(metadata=[])),
    Odd("metadata_is_missing", _with(lambda notebook: notebook.pop("metadata"))),
    Odd("metadata_of_cells_is_none", _each_cell(metadata=None)),
    Odd("metadata_of_cells_is_text", _each_cell(metadata="nbgrader")),
    Odd("marks_are_text", _each_cell(metadata={"nbgrader": "yes"})),
    Odd("marks_are_flipped", _marks(grade=False, solution=True, locked=False, task=True)),
    Odd("marks_of_version_99", _marks(schema_version=99)),
    Odd("marks_promise_points", _marks(points=1e308, schema_version=[1])),
    Odd("marks_of_one_name", _marks(grade_id="train_batch")),
    Odd("marks_are_gone", _each_cell(metadata={})),
    Odd("tags_skip_execution", _each_cell(metadata={"tags": ["skip-execution", "remove-cell", 7]})),
    Odd("ids_twice", _each_cell(id="same")),
    Odd("ids_of_other_types", _each_cell(id={"not": "text"})),
    Odd("format_3", _worksheets()),
    Odd("format_99", _top(nbformat=99, nbformat_minor="x")),
    Odd("format_missing", _with(lambda notebook: [notebook.pop("nbformat"), notebook.pop("nbformat_minor")])),
    Odd("another_python", _top(metadata={"kernelspec": {"name": "conda-env-me", "display_name": "me"}})),
    Odd("kernel_of_other_types", _top(metadata={"kernelspec": 3, "language_info": ["python"]})),
    Odd("lines_in_a_list", _with(lambda n: [c.update(source="".join(c["source"]).splitlines(True)) for c in n["cells"]])),
    Odd("sources_of_other_types", _more_cells(_code(None), _code(3), _code([1, 2]), _code({}), first=True)),
    Odd("entries_that_are_no_cells", _more_cells(None, 3, "text", [], {}, {"cell_type": ["code"]}, first=True)),
    Odd("cells_of_unknown_type", _more_cells({"cell_type": "sql", "source": "drop table grade"}, first=True)),
    Odd("outputs_of_other_types", _each_cell(outputs="none", execution_count={})),
    Odd("outputs_of_five_megabytes", _each_cell(outputs=[{"output_type": "stream", "text": "x" * 200_000}])),
    Odd("outputs_that_show_full_points", _each_cell(outputs=[{"output_type": "execute_result", "data": {"text/plain": "6.0"}}])),
    Odd("nul_in_a_cell", _more_cells(_code("x = 1\0"), first=True)),
    Odd("escapes_in_a_cell", _more_cells(_code("\x1b[2J\u202e\x07"), first=True)),
    Odd("lone_surrogates", _more_cells(_code("text = '\ud800'"), first=True)),
    Odd("bytes_that_are_no_text", _plain().replace(b"for _ in range(epochs)", b"for _ in range(epochs)", 1).replace(b'"# ', b'"# \xff\xfe', 1)),
    Odd("syntax_error_in_a_cell", _more_cells(_code("def plot_losses(:"), _code("%%nonsense\n"), first=True)),
    Odd("five_hundred_cells", _more_cells(*[_code("")] * 500)),
    Odd("a_cell_of_a_megabyte", _more_cells(_code("# " + "x" * 1_000_000), first=True)),
    Odd("nested_two_hundred_times", _nested(200)),
    Odd("numbers_that_are_none", _plain().replace(b'"metadata"', b'"y": [NaN, Infinity, 1e999], "metadata"', 1)),
    Odd("keys_twice", _plain().replace(b'"cells"', b'"cells": [], "cells"', 1)),
    Odd("checks_that_raise", _with(lambda n: [c.update(source="raise SystemExit(6.0)") for c in n["cells"] if "".join(c["source"]).startswith("check(")])),
]  # fmt: skip

# A notebook like any other, with nothing in it that answers.
UNEARNED = [
    Odd("no_cells", _top(cells=[]), 0.0),
    Odd("answer_in_markdown", _in_markdown(), 0.0),
    Odd("function_renamed", _with(lambda n: _answered(n, RIGHT.replace("train_batch", "trainBatch"))), 0.0),
    Odd("another_assignment", _other_assignment(), 0.0, "looks like ps1_model_and_loss"),
    Odd("function_with_a_syntax_error", _with(lambda n: _answered(n, RIGHT.replace("History:", "History", 1))), 0.0),
]

# What cannot be read: no points, one sentence, and a person looks.
UNREADABLE = [
    Odd("empty", b"", None, "is empty"),
    Odd("blank", b" \n\t\n", None, "is empty"),
    Odd("cut_short", _plain()[:3000], None, "damaged"),
    Odd("unfinished_merge", _conflict(), None, "git merge"),
    Odd("nested_too_deeply", _nested(200_000), None, "damaged"),
    Odd("a_list", b"[1, 2]", None, "no Jupyter notebook"),
    Odd("a_number", b"6.0", None, "no Jupyter notebook"),
    Odd("a_giant_number", b'{"cells": ' + b"9" * 10_000 + b"}", None, "damaged"),
    Odd("no_cells_at_all", b'{"nbformat": 4}', None, "it has no cells"),
    Odd("cells_are_a_mapping", _top(cells={"0": _code(RIGHT)}), None, "not a list"),
    Odd("cells_are_text", _top(cells=RIGHT), None, "not a list"),
    Odd("written_in_r", _top(metadata=_foreign("R")), None, "notebook for R"),
    Odd("language_with_escapes", _top(metadata=_foreign("\x1b[2J\u202eR" * 50)), None, "this course is in Python"),
    Odd("python_in_disguise", RIGHT.encode(), None, "damaged"),
    Odd("an_archive", b"PK\x03\x04" + bytes(range(256)) * 20, None, "damaged"),
    Odd("nothing_but_nul", b"\0" * 4096, None, ""),
    Odd("larger_than_twenty_megabytes", b"{" + b" " * HUGE + b"}", None, "larger than 20 MB"),
]

NOTEBOOKS = [*HARMLESS, *UNEARNED, *UNREADABLE]
