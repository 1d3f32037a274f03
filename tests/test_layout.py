"""The frame: what stands where, who imports whom, what loads when."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from graders import cards

ROOT = Path(__file__).parent.parent
TOP = {
    "assignments", "solutions", "graders", "tests", "tox.ini", "pyproject.toml", "README.md", "nbgrader_config.py",
    "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md",
}  # fmt: skip


def tracked():
    found = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        pytest.skip("not a git checkout")
    return [Path(line) for line in found.stdout.splitlines()]


def imported(path):
    """Every module a file imports, at any depth, with the names of `from` imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_nothing_else_stands_at_the_top():
    """Top level: the listed files and folders, and dotfiles."""
    assert {path.parts[0] for path in tracked() if not path.parts[0].startswith(".")} <= TOP


def test_engine_imports_no_card_no_frontend_and_no_solution():
    """The engine knows nothing of the course."""
    for path in (ROOT / "graders" / "engine").rglob("*.py"):
        if path.name == "attempts.py":  # it tries, inside the worker, what must be refused
            continue
        for name in imported(path):
            assert not re.match(r"graders\.(cards|frontends|keys)|solutions", name), (path, name)


def test_cards_import_the_engine_and_nothing_else():
    """A card is data: the engine's types, its judges of figures and properties, numpy."""
    for path in (ROOT / "graders" / "cards").rglob("*.py"):
        for name in imported(path):
            assert not re.match(r"graders\.(frontends|keys)|solutions|torch", name), (path, name)


def test_solutions_use_public_names_only():
    """A lesson imports what a student may import."""
    for path in (ROOT / "solutions").glob("ps*.py"):
        for name in imported(path):
            assert not name.startswith("graders.") or name in {"graders.History", "graders.check"}, (path, name)


def test_only_the_teachers_side_reads_solutions():
    """Keys, the drawing of hidden cases, the build and the demo are where the two sides meet."""
    allowed = {"keys.py", "drawing.py", "build.py", "gate.py", "sample_class.py", "demo.py"}
    for path in (ROOT / "graders").rglob("*.py"):
        if any(name.split(".")[0] == "solutions" for name in imported(path)):
            assert path.name in allowed, path


def test_wheel_holds_graders_and_no_solutions():
    """The packages are listed by name, complete, and hold nothing of the teacher's side."""
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    there = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "graders").rglob("__init__.py")}
    assert listed == there


@pytest.mark.parametrize(
    "module", ["graders", "graders.frontends.cli", "graders.engine.judge", "graders.frontends.pytest_plugin"]
)
def test_light_modules_load_no_torch(module):
    """The command's help and the pytest plug-in cost nothing."""
    heavy = "torch", "nbgrader", "matplotlib", "IPython"
    code = f"import sys, {module}; sys.exit(', '.join(name for name in {heavy!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stderr.strip() == ""


def test_no_path_of_a_machine_in_the_project():
    """Nothing names a folder of the machine it was written on."""
    home = re.compile(r"(?<![\w.])/" + "work/")
    for path in tracked():
        if path.suffix in {".py", ".md", ".toml", ".ini", ".txt", ".ipynb"} and (ROOT / path).is_file():
            assert not home.search((ROOT / path).read_text(encoding="utf-8", errors="replace")), path


def test_every_slug_has_its_files():
    """One slug names the solution file, the card and the assignment folder."""
    for slug in cards.SLUGS:
        assert (ROOT / "solutions" / f"{slug}.py").is_file()
        assert (ROOT / "graders" / "cards" / f"{slug}.py").is_file()
        assert (ROOT / "assignments" / slug / f"{slug}.ipynb").is_file()
        assert (ROOT / "assignments" / slug / f"{slug}.key.json").is_file()
    assert {path.name for path in (ROOT / "assignments").iterdir()} == set(cards.SLUGS)


def test_files_stay_small():
    """No file in the repository outgrows what a person or a student's laptop takes."""
    for path in tracked():
        if not (ROOT / path).is_file():
            continue
        size = (ROOT / path).stat().st_size
        assert size < (4_000_000 if path.name.endswith(".key.json") else 512_000), (path, size)


def test_topics_are_headings_of_the_lesson():
    """What a report says to read again stands in the notebook."""
    for card in cards.load_all():
        text = (ROOT / "solutions" / f"{card.slug}.py").read_text(encoding="utf-8")
        headings = set(re.findall(r"^# #+ (.+?)\s*$", text, flags=re.MULTILINE))
        assert set(card.topics.values()) <= headings, card.slug
