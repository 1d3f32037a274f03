"""The class that both graders are given: right and wrong programs for ps3, each in a notebook of its own."""

from __future__ import annotations

import json
from pathlib import Path

from graders.frontends.sample_class import filled

ROOT = Path(__file__).resolve().parents[2]
SLUG = "ps3_batch_descent"
NOTEBOOK = f"{SLUG}.ipynb"
RIGHT = ("ada", "blaise", "carl")
# Left out: the endless loop (only its time limit would be measured), the Python file, the damaged and the untouched
# notebook (stock nbgrader grades none of these).
WRONG = ("dorothy", "emmy", "florence", "grace", "henri")


def programs():
    """Return the programs in the order of the class: a right one, a wrong one, and so on."""
    folder = ROOT / "solutions" / "sample_class" / SLUG
    order = [name for pair in zip(RIGHT * 2, WRONG, strict=False) for name in pair]
    return [(name, (folder / f"{name}.py").read_text(encoding="utf-8")) for name in order]


def write(stub, submitted, count, first=0):
    """Write ``count`` submissions made from a stub; no two have the same text. Return each student's program."""
    made = {}
    known = programs()
    for number in range(first, first + count):
        name, program = known[number % len(known)]
        notebook = json.loads(filled(stub, program))
        cell = next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution"))
        cell["source"] = "".join(cell["source"]) + f"\n# student {number}\n"
        student = f"s{number:05d}"
        path = Path(submitted, student, SLUG, NOTEBOOK)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        made[student] = name
    return made
