"""`descentlab build`: solutions -> source notebook -> nbgrader -> what students receive.

One direction only: a percent notebook in ``solutions/`` is the source; ``assignments/`` is made from it and never
edited. The stub is cut by nbgrader's own ``GenerateAssignment``, so it is the notebook an instructor would release.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "descentlab build"
GATE_SEED = 2024  # the hidden cases the gate draws; any number will do

CODE_STUB = 'raise NotImplementedError("write your own lines here, then run the check cell below")'
TEXT_STUB = "*Write your answer here.*"

NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

State = Literal["written", "unchanged", "stale"]


class BuildRefusedError(RuntimeError):
    """Nothing is written; the message names the file or exercise and what is wrong with it."""


@dataclass(frozen=True)
class Built:
    """One file of an assignment, by its path below the root, and a sentence on it."""

    path: str
    state: State

    @property
    def sentence(self) -> str:
        """What happened, and for a stale file the command that repairs it."""
        if self.state == "stale":
            return f"{self.path} is not what its solution makes; run `{COMMAND}`"
        return f"{self.path} is {self.state}"


def build(slugs: Iterable[str], root: Path = ROOT, *, check: bool = False, seed: int = GATE_SEED) -> tuple[Built, ...]:
    """Make the assignments, or with ``check`` say which of their files are stale and write nothing.

    Parameters
    ----------
    slugs
        Assignments to build.
    root
        The folder that holds ``solutions`` and ``assignments``.
    seed
        Draws the hidden cases of the gate: the reference gets full points on them, the stub none.

    Raises
    ------
    BuildRefusedError
        A solution is missing or damaged, or the gate stays shut.
    """
    _find_solutions(root)
    results: list[Built] = []
    for slug in slugs:
        notebook = source_notebook(slug, root)
        release = release_text(slug, notebook)
        if not check:
            _gate(slug, seed, notebook, release)
        key = public_key(slug)
        folder = Path("assignments") / slug
        results.append(_settle(root, folder / f"{slug}.ipynb", release, check=check))
        results.append(_settle(root, folder / f"{slug}.key.json", key, check=check))
    return tuple(results)


def write_source(slug: str, folder: Path, root: Path = ROOT) -> Path:
    """Write the source notebook (with solutions) and the public key beside it; return the notebook's path."""
    import nbformat

    _find_solutions(root)
    text = nbformat.writes(source_notebook(slug, root)) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{slug}.ipynb"
    path.write_text(text, encoding="utf-8")
    key = folder / f"{slug}.key.json"
    fresh = public_key(slug)
    if not key.exists() or not same_key(key.read_text(encoding="utf-8"), fresh):
        key.write_text(fresh, encoding="utf-8")
    return path


def source_notebook(slug: str, root: Path = ROOT) -> Any:
    """Return the source notebook of an assignment: no outputs, only nbgrader's metadata, ids that stay."""
    import jupytext
    from nbformat import from_dict

    path = root / "solutions" / f"{slug}.py"
    if not path.is_file():
        raise BuildRefusedError(f"solutions/{slug}.py is missing; write it, then run `{COMMAND}`")
    read = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")

    # A cell marked active="py" is Python's alone: the docstring and imports of the module.
    lasting = [cell for cell in read.cells if cell.metadata.get("active") != "py"]
    cells = [_clean(cell, position) for position, cell in enumerate(lasting, start=1)]
    return from_dict(
        {"cells": cells, "metadata": NOTEBOOK_METADATA, "nbformat": 4, "nbformat_minor": 5},
    )


def release_text(slug: str, notebook: Any) -> str:
    """Return the stub as text: nbgrader's ``GenerateAssignment`` run in a course of its own, without a gradebook."""
    import nbformat
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    with tempfile.TemporaryDirectory() as temporary:
        course = Path(temporary)
        source = course / "source" / slug
        source.mkdir(parents=True)
        nbformat.write(notebook, source / f"{slug}.ipynb")

        config = Config()
        config.CourseDirectory.root = temporary
        config.CourseDirectory.assignment_id = slug
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
        stubs(config)
        GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
        return (course / "release" / slug / f"{slug}.ipynb").read_text(encoding="utf-8")


def stubs(config: Any) -> None:
    """Set what stands in place of a solution. The nbgrader plug-in calls this too, so both make the same stub."""
    config.ClearSolutions.code_stub = {"python": CODE_STUB}
    config.ClearSolutions.text_stub = TEXT_STUB


def public_key(slug: str) -> str:
    """Return the text of the public key of an assignment."""
    from graders.engine.key import dump
    from graders.keys import public_keys

    return dump(public_keys(slug).values())


def same_key(left: str, right: str) -> bool:
    """Whether two key files agree up to the last digits, which another CPU may give differently."""
    from graders.engine.key import DamagedKeyError, load
    from graders.frontends.same import same

    if left == right:
        return True
    try:
        return same(load(left), load(right))
    except DamagedKeyError:
        return False


def _find_solutions(root: Path) -> None:
    """Make ``solutions`` importable for the keys: a console command does not start in the repository's folder."""
    if find_spec("solutions") is None:
        sys.path.append(str(root))


def _clean(cell: Any, position: int) -> dict[str, Any]:
    marks = cell.metadata.get("nbgrader")
    kind = "text" if cell.cell_type == "markdown" else "code"
    clean = {
        "id": marks["grade_id"] if marks else f"{kind}-{position:02d}",
        "cell_type": cell.cell_type,
        "metadata": {"nbgrader": dict(marks)} if marks else {},
        "source": cell.source,
    }
    if cell.cell_type == "code":
        clean |= {"execution_count": None, "outputs": []}
    return clean


def _gate(slug: str, seed: int, notebook: Any, release: str) -> None:
    import nbformat

    from graders.frontends.gate import gate

    complaints = gate(slug, seed, notebook, nbformat.reads(release, as_version=4))
    if complaints:
        raise BuildRefusedError(f"{slug} is not built: " + "; ".join(complaints))


def _settle(root: Path, relative: Path, text: str, *, check: bool) -> Built:
    """Write a file if it says something else than it should; with ``check`` only say so."""
    path = root / relative
    name = relative.as_posix()
    if path.is_file():
        old = path.read_text(encoding="utf-8")
        if old == text or (name.endswith(".key.json") and same_key(old, text)):
            return Built(name, "unchanged")
    if check:
        return Built(name, "stale")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Built(name, "written")
