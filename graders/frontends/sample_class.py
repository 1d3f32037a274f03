"""The sample class: about twelve submissions made from a stub notebook and the programs in solutions/sample_class."""

from __future__ import annotations

import ast
import copy
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path("solutions") / "sample_class"
AS_SCRIPT = "Handed in as a Python file"
NOT_ATTEMPTED = ("joseph", "Not attempted: the stub as it was given out.")
FOR_OUR_TOOLS = re.compile(r"[ \t]+# (?:type: ignore|noqa).*$", re.MULTILINE)  # no student writes these
DAMAGED = ("katherine", "Damaged: the notebook stops in the middle.")


@dataclass(frozen=True)
class Sample:
    """One submission of the class: who, what is right or wrong with it, the file's name and its text."""

    student: str
    story: str
    name: str
    text: str


def sample_class(slug: str, stub: str, root: Path) -> list[Sample]:
    """Return the class of an assignment, sorted by student; ``stub`` is the text of the notebook students get.

    Raises
    ------
    FileNotFoundError
        There are no sample programs for this assignment.
    """
    programs = sorted((root / FOLDER / slug).glob("*.py"))
    if not programs:
        raise FileNotFoundError(f"There are no sample programs in {FOLDER / slug}.")
    notebook = f"{slug}.ipynb"
    samples = [Sample(*NOT_ATTEMPTED, notebook, stub), Sample(*DAMAGED, notebook, stub[: len(stub) * 2 // 3])]
    for path in programs:
        program = path.read_text(encoding="utf-8")
        story = ast.get_docstring(ast.parse(program)) or ""
        if story.startswith(AS_SCRIPT):
            samples.append(Sample(path.stem, story, f"{slug}.py", program))
        else:
            samples.append(Sample(path.stem, story, notebook, filled(stub, program)))
    return sorted(samples, key=lambda sample: sample.student)


def filled(stub: str, program: str) -> str:
    """Return the stub with a program's functions and answers in the cells meant for them, as a student would."""
    notebook: Any = copy.deepcopy(json.loads(stub))
    parts = _functions(program) | written_answers(program)
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in parts:
            cell["source"] = parts.pop(name)
    if parts:
        raise ValueError(f"The stub has no cell for {', '.join(parts)}.")
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _functions(program: str) -> dict[str, str]:
    """Return the source of every function and class at the left margin; imports are the setup cell's business."""
    found: dict[str, str] = {}
    for node in ast.parse(program).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            source = ast.get_source_segment(program, node)
            assert source is not None
            found[node.name] = FOR_OUR_TOOLS.sub("", source)
    return found


def written_answers(program: str) -> dict[str, str]:
    """Return the texts at the left margin, ``NAME = "..."``: answers to the questions a person reads."""
    return {
        node.targets[0].id: node.value.value.strip()
        for node in ast.parse(program).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def write_class(samples: list[Sample], slug: str, submitted: Path) -> Mapping[str, Path]:
    """Write the class where nbgrader looks for it; return each student's file."""
    written: dict[str, Path] = {}
    for sample in samples:
        path = submitted / sample.student / slug / sample.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sample.text, encoding="utf-8")
        written[sample.student] = path
    return written
