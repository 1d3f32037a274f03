"""Who handed in what: every shape of folder, and nothing that looks handed in is lost."""

from __future__ import annotations

import os

import pytest

from graders.frontends.discover import assignment_in, discover, guess

PS1, PS2, PS3 = "ps1_model_and_loss", "ps2_gradients_and_updates", "ps3_batch_descent"
TRAIN = "import torch\n\ndef mse(a, b):\n    return a\n\ndef train_batch(x):\n    return x\n"


def tree(root, *names, text=TRAIN):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def listed(root, *paths, assignment=None):
    found = discover(paths or [root], assignment)
    return [(one.student, one.assignment, str(one.path.relative_to(root))) for one in found]


def test_files_named_after_the_student(tmp_path):
    """A folder of files, the assignment told by the functions in them."""
    tree(tmp_path, "bob.py", "ada.py", "Zoë Smith.ipynb", "notes.txt", "grades.csv")
    assert listed(tmp_path) == [
        ("Zoë Smith", PS3, "Zoë Smith.ipynb"),
        ("ada", PS3, "ada.py"),
        ("bob", PS3, "bob.py"),
    ]


def test_nbgraders_own_folders(tmp_path):
    """submitted/STUDENT/SLUG/SLUG.ipynb, from the course folder or from submitted itself."""
    names = [f"submitted/ada/{PS1}/{PS1}.ipynb", f"submitted/ada/{PS3}/{PS3}.ipynb", f"submitted/bob/{PS3}/{PS3}.ipynb"]
    tree(tmp_path, *names, f"source/{PS1}/{PS1}.ipynb", f"release/{PS1}/{PS1}.ipynb", text="{}")
    want = [("ada", PS1, names[0]), ("ada", PS3, names[1]), ("bob", PS3, names[2])]
    assert listed(tmp_path) == want
    assert listed(tmp_path, tmp_path / "submitted") == want
    assert listed(tmp_path, assignment=PS3) == want[1:]


def test_one_students_folder_and_one_file(tmp_path):
    """A student's own folder, and a file in it that is named after the assignment."""
    tree(tmp_path, f"submitted/ada/{PS3}/{PS3}.ipynb", "bob/ps1.py")
    assert listed(tmp_path, tmp_path / "submitted" / "ada") == [("ada", PS3, f"submitted/ada/{PS3}/{PS3}.ipynb")]
    assert listed(tmp_path, tmp_path / f"submitted/ada/{PS3}/{PS3}.ipynb")[0][:2] == ("ada", PS3)
    assert listed(tmp_path, tmp_path / "bob" / "ps1.py") == [("bob", PS1, "bob/ps1.py")]


def test_student_folders_with_files_of_any_name(tmp_path):
    """Files inside may be named after the assignment, deep inside, misnamed, or in a folder of the assignment first."""
    tree(
        tmp_path,
        f"ada/{PS3}.py",
        "bob/deep/er/my homework.ipynb",
        "cleo/ps2 final (1).ipynb",
        f"{PS1}/dora.py",
        "ps2/emil/x.ipynb",
    )
    assert listed(tmp_path) == [
        ("ada", PS3, f"ada/{PS3}.py"),
        ("bob", PS3, "bob/deep/er/my homework.ipynb"),
        ("cleo", PS2, "cleo/ps2 final (1).ipynb"),
        ("dora", PS1, f"{PS1}/dora.py"),
        ("emil", PS2, "ps2/emil/x.ipynb"),
    ]


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("ada_ps3_batch_descent.ipynb", "ada"),
        ("ps3-ada.py", "ada"),
        ("ADA.IPYNB", "ADA"),
        ("ada.ipynb.txt", "ada"),
        ("steps3.py", "steps3"),
    ],
)
def test_the_student_is_what_remains_of_a_files_name(tmp_path, name, student):
    """The assignment's part of a name is not the student's."""
    tree(tmp_path, name)
    assert listed(tmp_path) == [(student, PS3, name)]


def test_nothing_handed_in_is_lost(tmp_path):
    """Empty folders, wrong endings, links and pipes appear, so that somebody hears of them."""
    tree(tmp_path, "ada/report.pdf", "bob/.DS_Store", "cleo/empty.ipynb", "dora.py", text="")
    (tmp_path / "emil").mkdir()
    (tmp_path / "fay.ipynb").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "gil.py")
    (tmp_path / "hal.ipynb").mkdir()
    found = listed(tmp_path)
    assert [one[0] for one in found] == ["ada", "bob", "cleo", "dora", "emil", "fay", "gil", "hal.ipynb"]
    assert {one[1] for one in found} == {None}


def test_helpers_and_machine_made_files_are_no_submissions(tmp_path):
    """Checkpoints, caches, and a helper module beside the answer."""
    tree(
        tmp_path,
        "ada/answer.py",
        "ada/.ipynb_checkpoints/answer-checkpoint.ipynb",
        "ada/__pycache__/x.py",
        "__init__.py",
    )
    tree(tmp_path, "ada/helper.py", text="def help_me(): pass\n")
    assert listed(tmp_path) == [("ada", PS3, "ada/answer.py")]


def test_two_files_of_one_student_are_two_submissions(tmp_path):
    """Each file of a student counts, named or not."""
    tree(tmp_path, "ada/one.py", "ada/two.py")
    assert [one[2] for one in listed(tmp_path)] == ["ada/one.py", "ada/two.py"]


def test_paths_given_twice_count_once_in_a_fixed_order(tmp_path):
    """The result does not depend on the order of the arguments."""
    tree(tmp_path, "b/x.py", "a/x.py")
    paths = [tmp_path / "b", tmp_path, tmp_path / "a" / "x.py"]
    assert discover(paths) != []
    assert {one.path for one in discover(paths)} == {one.path for one in discover(paths[::-1])}
    assert len(discover(paths)) == 2


def test_a_stub_folder_and_a_links_folder(tmp_path):
    """The students' own stub is a submission like any other; a linked folder is not entered."""
    tree(tmp_path, f"assignments/{PS3}/{PS3}.ipynb", f"assignments/{PS3}/{PS3}.key.json")
    assert listed(tmp_path, tmp_path / "assignments" / PS3) == [("assignments", PS3, f"assignments/{PS3}/{PS3}.ipynb")]
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "eve").symlink_to(tmp_path / "assignments")
    assert listed(tmp_path, tmp_path / "class") == [("eve", None, "class/eve")]


def test_assignments_in_names_and_functions():
    """A slug, ps3 as a word, and the latest assignment whose functions are there."""
    assert assignment_in("my PS3.ipynb") == PS3
    assert assignment_in("steps3") is None
    assert guess({"mse", "train_batch", "x"}) == PS3
    assert guess({"mse"}) == PS1
    assert guess({"main"}) is None
