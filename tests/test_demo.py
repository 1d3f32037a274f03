"""The demo: a class of about twelve from a stub, and through the real nbgrader."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from graders.cards import EXERCISES, SLUGS, load
from graders.engine.source import Unreadable, read
from graders.frontends import demo
from graders.frontends.sample_class import filled, sample_class, write_class, written_answers
from tests.support.programs import judged

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "solutions" / "sample_class"
ENDLESS = ("ps1_model_and_loss", "ps2_gradients_and_updates", "ps3_batch_descent", "ps5_minibatch_descent")
LATER = SLUGS[3:]
WROTE = ["ada", "blaise", "dorothy", "emmy"]  # an answer to why_sgd_explodes

# What each program of ps4 to ps7 is there to show: the mistake that is named, or the status where none is.
# Functions that are not listed are right.
SHOWN = {
    "ps4_stochastic_descent": {
        "dorothy": {"train_sgd": "gradients-not-zeroed"},
        "emmy": {"make_orders": "same-order-every-epoch", "train_sgd": "same-order-every-epoch"},
        "florence": {"train_sgd": "loss-at-epoch-end", "largest_stable_lr": "factor-two-missing"},
        "grace": {
            "make_orders": "ignores-an-argument",
            "train_sgd": "bias-uses-new-weight",
            "largest_stable_lr": "bias-left-out",
        },
        "henri": {"train_sgd": "rebinding-loses-grad"},
        "isaac": {"make_orders": "one-epoch-short", "train_sgd": "order-ignored"},
    },
    "ps5_minibatch_descent": {
        "dorothy": {
            "train_minibatch": "zeroed-once-per-epoch",
            "accumulated_gradients": "accumulation-not-divided",
        },
        "emmy": {"split_batches": "last-partial-batch-dropped", "train_minibatch": "last-partial-batch-dropped"},
        "florence": {
            "train_minibatch": "mean-of-batch-means",
            "accumulated_gradients": "micro-batches-weighted-equally",
        },
        "grace": {
            "split_batches": "equal-chunks",
            "train_minibatch": "divided-by-nominal-batch-size",
            "accumulated_gradients": "first-batch-only",
        },
        "henri": {"train_minibatch": "graph-reused"},
        "isaac": {"train_minibatch": "timed-out"},
    },
    "ps6_dataloader_and_optim": {
        "dorothy": {
            "train_with_optimizer": "gradients-not-zeroed",
            "train_with_accumulation": "cleared-inside-accumulation",
        },
        "emmy": {
            "LineDataset": "ignores-an-argument",
            "train_with_optimizer": "broadcast-to-matrix",
            "train_with_accumulation": "broadcast-to-matrix",
        },
        "florence": {"make_loader": "failed", "train_with_optimizer": "broadcast-to-matrix"},
        "grace": {
            "make_loader": "last-partial-batch-dropped",
            "train_with_optimizer": "momentum-left-on",
            "train_with_accumulation": "leftover-micro-batch-dropped+micro-batches-weighted-equally",
        },
        "henri": {"train_with_optimizer": "item-before-backward"},
        "isaac": {
            "make_loader": "state-left-between-calls",
            "train_with_optimizer": "adam-instead-of-sgd",
            "train_with_accumulation": "micro-batches-weighted-equally",
        },
    },
    "ps7_experiments": {
        "dorothy": {"batch_size_sweep": "failed", "learning_rate_sweep": "failed"},
        "emmy": {
            "batch_size_sweep": "mean-of-batch-means",
            "learning_rate_sweep": "failed",
            "loss_grid": "swapped-weight-and-bias",
        },
        "florence": {"learning_rate_sweep": "one-epoch-short", "plot_paths": "failed", "plot_comparison": "failed"},
        "grace": {"batch_size_sweep": "last-partial-batch-dropped", "loss_grid": "half-mse", "plot_paths": "failed"},
        "henri": {"batch_size_sweep": "raised", "plot_paths": "raised"},
        "isaac": {
            "batch_size_sweep": "order-ignored",
            "learning_rate_sweep": "average-missing-in-gradient",
            "loss_grid": "sum-instead-of-mean",
            "plot_comparison": "failed",
        },
    },
}


def defined(path):
    """The functions and classes of a program."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def in_both(paths):
    """Ids for pytest."""
    return [f"{path.parent.name[:3]}-{path.stem}" for path in paths]


LATER_PROGRAMS = [path for slug in LATER for path in sorted((SAMPLES / slug).glob("*.py"))]


def stub(slug):
    cells = [{"cell_type": "code", "source": "import torch", "metadata": {"nbgrader": {"grade_id": "setup"}}}]
    for name in EXERCISES[slug]:
        cells.append(
            {"cell_type": "code", "source": f"def {name}(): ...", "metadata": {"nbgrader": {"grade_id": name}}}
        )
        cells.append(
            {"cell_type": "code", "source": f"check({name})", "metadata": {"nbgrader": {"grade_id": f"check_{name}"}}}
        )
    cells += [
        {"cell_type": "markdown", "source": "YOUR ANSWER", "metadata": {"nbgrader": {"grade_id": answer.name}}}
        for answer in load(slug).written
    ]
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
    assert {"Raises", "Not attempted", "Damaged", "Handed in as a Python file"} <= set(stories)
    assert ("Never returns" in stories) == (slug in ENDLESS)
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


def test_written_answers_stand_in_their_cells():
    """Some students answer the question a person reads; where nobody writes, the stub's text stays."""
    slug = "ps4_stochastic_descent"
    samples = {sample.student: sample for sample in sample_class(slug, stub(slug), ROOT)}
    texts = {
        student: next(
            cell["source"]
            for cell in json.loads(sample.text)["cells"]
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "why_sgd_explodes"
        )
        for student, sample in samples.items()
        if sample.name.endswith(".ipynb") and not sample.story.startswith("Damaged")
    }
    assert texts["ada"].startswith("`largest_stable_lr(x)` gives 0.12")
    assert texts["joseph"] == texts["carl"] == "YOUR ANSWER"
    for slug in SLUGS:
        wanted = {answer.name for answer in load(slug).written}
        written = [written_answers(path.read_text(encoding="utf-8")) for path in (SAMPLES / slug).glob("*.py")]
        assert set().union(*written) == wanted
        assert not wanted or 3 <= sum(map(bool, written)) < len(written)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
@pytest.mark.parametrize("path", LATER_PROGRAMS, ids=in_both(LATER_PROGRAMS))
def test_every_sample_program_shows_what_it_is_there_for(path):
    """What is right has full points; what is wrong has the name of its mistake, or its status where it has none."""
    shown = SHOWN[path.parent.name].get(path.stem, {})
    functions = defined(path)
    assert set(shown) <= set(functions)
    for name in functions:
        due = shown.get(name, "passed")
        if due == "timed-out":  # needs the worker
            continue
        verdict = judged(name, path)
        assert due in (verdict.status, *verdict.diagnosis), (name, verdict.status, verdict.diagnosis, verdict.fact)
        assert (verdict.score == verdict.points) == (due == "passed")
    assert path.stem not in {"ada", "blaise", "carl", "leonhard"} or not shown


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/*.py")), ids=in_both(sorted(SAMPLES.glob("*/*.py"))))
def test_every_sample_program_tells_its_story(path):
    """A docstring says what it is, and it defines functions of its assignment only."""
    tree = ast.parse(path.read_text())
    story = ast.get_docstring(tree) or ""
    assert story.split(":")[0] in {"Right", "Wrong", "Raises", "Never returns", "Handed in as a Python file"}
    names = set(defined(path))
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


def test_the_course_in_one_table():
    """One row for each student, one column for each assignment, and the sum; who handed in nothing has a dash."""
    table = demo.course_table({"ps4_one": {"ada": (9.0, 10.0), "emmy": (5.61, 10.0)}, "ps5_two": {"ada": (10.0, 10.0)}})
    assert [column.header for column in table.columns] == ["student", "ps4 of 10", "ps5 of 10", "total of 20"]
    columns = [[str(cell) for cell in column.cells] for column in table.columns]
    assert columns == [["ada", "emmy"], ["9", "5.61"], ["10", "-"], ["19", "5.61"]]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_demo_goes_through_the_real_commands(tmp_path, capsys):
    """Full points for the right ones, none for the unattempted, pages for all, and one bad submission stops nobody."""
    demo.run_demo(["ps3_batch_descent", "ps4_stochastic_descent"], tmp_path / "course")
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

    # a person is wanted for each written answer, and for the notebook that can't be read
    for slug, answers in (("ps3_batch_descent", {}), ("ps4_stochastic_descent", {"why_sgd_explodes": WROTE})):
        unread = {f"check_{name}": ["katherine"] for name in EXERCISES[slug]}
        assert demo.waiting_cells(course, slug) == unread | answers
    assert "why_sgd_explodes of ada, blaise, dorothy, emmy" in text
    scores = demo.read_scores(course / "grades.csv", "ps4_stochastic_descent")
    assert scores["ada"] == scores["carl"] == (9.0, 10.0)  # the tenth point is a person's to give
    table = text.split("The whole course")[1]
    assert [line.split() for line in table.splitlines() if line.startswith("ada")] == [["ada", "8", "9", "17"]]
