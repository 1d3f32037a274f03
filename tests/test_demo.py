"""The demo: a class of about twelve from a stub, and through the real nbgrader."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from graders.cards import EXERCISES
from graders.engine.source import Unreadable, read
from graders.frontends import demo
from graders.frontends.sample_class import filled, sample_class, write_class

ROOT = Path(__file__).resolve().parents[1]
SLUGS = ("ps1_model_and_loss", "ps2_gradients_and_updates", "ps3_batch_descent")


def stub(slug):
    cells = [{"cell_type": "code", "source": "import torch", "metadata": {"nbgrader": {"grade_id": "setup"}}}]
    for name in EXERCISES[slug]:
        cells.append(
            {"cell_type": "code", "source": f"def {name}(): ...", "metadata": {"nbgrader": {"grade_id": name}}}
        )
        cells.append(
            {"cell_type": "code", "source": f"check({name})", "metadata": {"nbgrader": {"grade_id": f"check_{name}"}}}
        )
    cells.append({"cell_type": "markdown", "source": "The end. " * 50, "metadata": {}})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize("slug", SLUGS)
def test_a_class_has_about_twelve_of_every_kind(slug, tmp_path):
    """Right in several styles, wrong in several ways, raising, endless, not attempted, damaged, and a Python file."""
    samples = sample_class(slug, stub(slug), ROOT)
    assert 11 <= len(samples) <= 13
    stories = [sample.story.split(":")[0] for sample in samples]
    assert stories.count("Right") >= 3
    assert stories.count("Wrong") >= 4
    assert {"Raises", "Never returns", "Not attempted", "Damaged", "Handed in as a Python file"} <= set(stories)
    files = write_class(samples, slug, tmp_path)
    for sample in samples:
        path = files[sample.student]
        assert path == tmp_path / sample.student / slug / sample.name
        if sample.story.startswith("Damaged"):
            with pytest.raises(Unreadable):
                read(path)
        else:
            assert read(path).defines() & set(EXERCISES[slug])


def test_programs_stand_in_the_cells_of_their_exercises():
    """Only the exercise cells change; a function without a cell is refused."""
    slug = "ps2_gradients_and_updates"
    program = "import os\n\ndef update(w, b, lr):\n    return None  # type: ignore[x]  # noqa: F821\n"
    before, after = json.loads(stub(slug)), json.loads(filled(stub(slug), program))
    changed = [
        one["metadata"]["nbgrader"]["grade_id"]
        for one, other in zip(after["cells"], before["cells"], strict=True)
        if one != other
    ]
    assert changed == ["update"]
    assert next(
        one["source"] for one in after["cells"] if one in after["cells"] and one not in before["cells"]
    ).startswith("def update")
    assert all("# " not in one["source"] for one in after["cells"])
    with pytest.raises(ValueError, match="train_batch"):
        filled(stub(slug), "def train_batch(): pass\n")


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "solutions" / "sample_class").glob("*/*.py")),
    ids=lambda path: f"{path.parent.name[:3]}-{path.stem}",
)
def test_every_sample_program_tells_its_story(path):
    """A docstring says what it is, and it defines functions of its assignment only."""
    tree = ast.parse(path.read_text())
    story = ast.get_docstring(tree) or ""
    assert story.split(":")[0] in {"Right", "Wrong", "Raises", "Never returns", "Handed in as a Python file"}
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert names
    assert names <= set(EXERCISES[path.parent.name])


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    """The demo makes its course in a new folder or in a course, nowhere else."""
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(demo.DemoFailedError, match="not empty"):
        demo.run_demo(["ps3_batch_descent"], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_command_that_fails_is_named(tmp_path):
    """What nbgrader said last, and where all of it stands."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    with pytest.raises(demo.DemoFailedError, match=r"nbgrader generate_feedback failed.*descentlab-demo\.log"):
        demo.nbgrader(tmp_path, "generate_feedback", "nothing")
    assert "nbgrader generate_feedback nothing" in (tmp_path / "descentlab-demo.log").read_text()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_demo_goes_through_the_real_commands(tmp_path, capsys):
    """Full points for the right ones, none for the unattempted, pages for all, and one bad submission stops nobody."""
    demo.run_demo(["ps3_batch_descent"], tmp_path / "course")
    course = tmp_path / "course"
    scores = demo.read_scores(course / "grades.csv", "ps3_batch_descent")
    assert len(scores) == 12
    for student in ("ada", "blaise", "carl"):
        assert scores[student] == (8.0, 8.0)
    assert scores["joseph"] == scores["katherine"] == (0.0, 8.0)
    assert scores["leonhard"] == (6.0, 8.0)
    for student in ("dorothy", "emmy", "florence", "grace", "henri", "isaac"):
        assert scores[student][0] < 8.0
    assert scores["dorothy"][0] >= 2.0  # its plot is right
    pages = list((course / "feedback").glob("*/ps3_batch_descent/ps3_batch_descent.html"))
    assert len(pages) == 12
    text = capsys.readouterr().out
    assert "nbgrader autograde ps3_batch_descent" in text
    assert "florence" in text
