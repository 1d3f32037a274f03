"""Two graders at once, a locked gradebook, a kill, a full disk: nothing graded is lost or doubled."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("nbgrader", reason="the plug-in belongs to the instructor's extra")

from graders.frontends.class_run import SETTINGS, _keep_settings, chosen_seed
from graders.frontends.cli import _sentence
from graders.frontends.ledger import Ledger
from graders.frontends.nbgrader import turns
from graders.frontends.nbgrader.course import CourseError
from graders.frontends.records import Run
from tests.support.course import CONFIG, FULL, ROOT, Class, ended, started, with_cell

SLUG = "ps3_batch_descent"
STUDENTS = ("ada", "bob")
IMPATIENT = """
from graders.frontends.nbgrader import turns

c.CourseAutograde.patience = 1.0
turns.STATEMENT_SECONDS = 1
"""
# Ends the grader at the worst moment: grades are saved, the notebook is half written.
KILLED = """
import os, signal
from nbconvert.writers import FilesWriter

write = FilesWriter.write

def half(self, output, resources, notebook_name=None, **options):
    bob = "/bob/" in self.build_directory
    made = write(self, output[: len(output) // 2] if bob else output, resources, notebook_name, **options)
    if bob:
        os.kill(os.getpid(), signal.SIGKILL)
    return made

FilesWriter.write = half
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a course that is generated, with two right submissions, each of which takes a second."""
    group = Class(tmp_path_factory.mktemp("made"))
    (group.folder / "nbgrader_config.py").write_text(CONFIG)
    done = group.run("generate_assignment", SLUG)
    assert done.returncode == 0, done.stderr
    right = json.loads((group.folder / "source" / SLUG / f"{SLUG}.ipynb").read_text())
    for student in STUDENTS:
        group.submit(student, with_cell(right, "import time\ntime.sleep(1)", at=1))
    return group


@pytest.fixture
def group(made, tmp_path):
    """Return a copy of the course."""
    shutil.copytree(made.folder, tmp_path / "course")
    return Class(tmp_path / "course")


def grade(group, extra=""):
    """Run `nbgrader autograde` with these additions to the configuration."""
    return ended(start(group, extra))


def start(group, extra=""):
    """Start `nbgrader autograde`."""
    (group.folder / "nbgrader_config.py").write_text(CONFIG + extra)
    return started(group.folder, "autograde", SLUG)


def wait_for(condition, seconds=120):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def graded(group, student):
    """Whether a graded notebook lies on disk."""
    return (group.folder / "autograded" / student / SLUG / f"{SLUG}.ipynb").exists()


def all_is_well(group):
    """Everyone has full points once, a whole graded notebook and nothing else beside it."""
    for student in STUDENTS:
        assert group.grades(student) == {name: (points, False) for name, points in FULL.items()}
        assert group.autograded(student)["cells"]
        assert [path.name for path in (group.folder / "autograded" / student / SLUG).iterdir()] == [f"{SLUG}.ipynb"]
    assert group.query("select count(*) from submitted_assignment") == [(len(STUDENTS),)]
    assert group.query("select count(*) from grade") == [(len(STUDENTS) * len(FULL),)]
    assert group.query("pragma integrity_check") == [("ok",)]


def descendants(pid):
    """Return the ids of all processes below one."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


@pytest.mark.slow
def test_two_commands_at_once_share_the_class(group):
    """Each submission is graded by one of the two; both end well."""
    both = [start(group), start(group)]
    done = [ended(process) for process in both]
    assert [one.returncode for one in done] == [0, 0], done[0].stderr + done[1].stderr
    all_is_well(group)
    said = "".join(one.stderr for one in done)
    for student in STUDENTS:
        assert said.count(f"Creating/updating student with ID '{student}'") == 1
    assert "Traceback" not in said


@pytest.mark.slow
def test_a_locked_gradebook_loses_nothing(group):
    """Locked too long, the command ends in a sentence and keeps what is graded; locked for a while, it waits."""
    process = start(group, IMPATIENT)
    wait_for(lambda: graded(group, "ada"))
    other = sqlite3.connect(group.folder / "gradebook.db", timeout=60, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = ended(process)
    assert done.returncode == 1
    assert done.stderr.count("Another program keeps the gradebook locked") == 1, done.stderr[-6000:]
    assert [student for student in STUDENTS if graded(group, student)] == ["ada"]
    assert group.scores("ada") == FULL
    process = start(group)
    waiting = next(line for line in process.stderr if "waiting for it" in line)
    assert "Another program has locked the gradebook" in waiting
    other.execute("ROLLBACK")
    other.close()
    done = ended(process)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Skipping existing assignment") == 1
    all_is_well(group)


@pytest.fixture
def tiny_disk(tmp_path):
    """Return a function that mounts a small disk of its own at a folder."""
    mounted = []

    def mount(folder, size="1m"):
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip(f"a small disk cannot be mounted here: {done.stderr.decode().strip()}")
        mounted.append(folder)

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder, leave=0):
    """Fill a disk up to some bytes; return the file that does."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(bytes(4096))
            except OSError:
                break
        file.truncate(max(0, file.tell() - leave))
    return path


@pytest.mark.slow
def test_a_full_disk_and_a_kill_are_got_over(group, tiny_disk):
    """No room for the notebooks: no score, a look by hand. Killed in a half-written notebook: the rest is done once."""
    disk = group.folder / "autograded"
    tiny_disk(disk)
    filler = fill(disk)
    done = grade(group)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    for student in STUDENTS:
        assert group.grades(student) == dict.fromkeys(FULL, (None, True))
        assert not graded(group, student)
    filler.unlink()

    process = start(group, KILLED)
    below = set()
    wait_for(lambda: below.update(descendants(process.pid)) or process.poll() is not None)
    process.communicate()
    assert process.returncode == -9
    assert below
    wait_for(lambda: not [pid for pid in below if Path(f"/proc/{pid}/exe").exists()], seconds=10)
    assert [student for student in STUDENTS if graded(group, student)] == ["ada"]

    done = grade(group)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Skipping existing assignment") == 1
    assert "Graded again, since an earlier run was stopped half-way: bob" in done.stderr
    all_is_well(group)


@pytest.mark.slow
def test_two_runs_on_one_results_folder(made, tmp_path):
    """`descentlab grade` twice with one --out: one grades, the other says so and touches nothing."""
    command = [
        sys.executable, "-m", "graders", "grade", str(made.folder / "submitted" / "ada"), "--assignment", SLUG,
        "--out", "out", "--seed", "7", "--jobs", "1", "--device", "cpu",
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    options = {"cwd": tmp_path, "env": environment, "stdout": -1, "stderr": -1, "text": True}
    done = [ended(process) for process in [subprocess.Popen(command, **options) for _ in range(2)]]
    if any("allows no isolation" in one.stderr for one in done):
        pytest.skip(done[0].stderr.strip())
    busy = [one for one in done if one.returncode]
    assert len(busy) == 1
    assert "Another run is writing to out/records.jsonl" in busy[0].stderr
    records = json.loads((tmp_path / "out" / "results.json").read_text())["submissions"]
    assert [(record["student"], record["score"]) for record in records] == [("ada", 8.0)]
    assert len((tmp_path / "out" / "records.jsonl").read_text().splitlines()) == 1


def record(student):
    """Return a record long enough to fill a disk."""
    return {"student": student, "assignment": SLUG, "path": student, "status": "graded", "text": "x" * 20_000}


def test_a_ledger_on_a_full_disk_keeps_every_whole_line(tmp_path, tiny_disk):
    """The record that found no room is missing; those before it are there, and the next run writes on."""
    disk = tmp_path / "disk"
    tiny_disk(disk, size="128k")
    kept = 0
    with pytest.raises(OSError) as caught, Ledger(disk / "records.jsonl") as ledger:  # noqa: PT012
        for number in range(100):
            ledger.append(str(number), record(str(number)))
            kept += 1
    assert caught.value.errno == errno.ENOSPC
    assert 0 < kept < 10
    (disk / "records.jsonl").rename(tmp_path / "records.jsonl") if False else shutil.copy(
        disk / "records.jsonl", tmp_path
    )
    with Ledger(tmp_path / "records.jsonl") as ledger:
        assert [ledger.holds(str(number)) for number in range(kept + 1)] == [True] * kept + [False]
        ledger.append(str(kept), record(str(kept)))
    with Ledger(tmp_path / "records.jsonl") as ledger:
        assert all(ledger.holds(str(number)) for number in range(kept + 1))
        assert len(list(ledger.entries(map(str, range(kept + 1))))) == kept + 1


def test_a_ledger_that_cannot_be_written_keeps_what_it_has(tmp_path, monkeypatch):
    """The same wherever no small disk can be mounted: the write itself fails."""
    path = tmp_path / "records.jsonl"
    with Ledger(path) as ledger:
        ledger.append("a", record("a"))

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched, Ledger(path) as ledger:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            ledger.append("b", record("b"))
        assert not ledger.holds("b")
    with Ledger(path) as ledger:
        assert ledger.holds("a")


def test_the_seed_of_a_run_survives_a_full_disk(tmp_path, monkeypatch):
    """run.json is replaced whole or stays: without the seed, nothing graded so far would count."""
    _keep_settings(tmp_path, Run(7, "cpu", ""))

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as caught:
        _keep_settings(tmp_path, Run(8, "cpu", "full"))
    assert json.loads((tmp_path / SETTINGS).read_text())["seed"] == 7
    assert chosen_seed(tmp_path, None, fresh=False) == 7
    assert _sentence(caught.value).startswith("The disk is full.")


class TestTurns:
    def test_a_submission_belongs_to_one_command(self, tmp_path):
        """The second is refused while the first holds it, and gets it afterwards; nothing is left on disk."""
        with turns.turn(tmp_path) as first, turns.turn(tmp_path) as second:
            assert (first, second) == (True, False)
        with turns.turn(tmp_path) as third:
            assert third
        assert list(tmp_path.iterdir()) == []

    def test_what_cannot_be_locked_is_not_held_up(self, tmp_path):
        """A missing folder, a file or a link is another step's to refuse."""
        (tmp_path / "file").write_text("")
        (tmp_path / "link").symlink_to(tmp_path)
        for name in ("missing", "file", "link"):
            with turns.turn(tmp_path / name) as mine:
                assert mine

    def test_the_wait_for_the_gradebook_is_bounded_and_said(self, tmp_path):
        """One warning while waiting, one sentence at the end; a free gradebook costs nothing."""
        said = []

        class Log:
            def warning(self, text, *rest):
                said.append(text % rest)

        path = tmp_path / "gradebook.db"
        turns.wait_for_gradebook(f"sqlite:///{path}", 0, Log())
        turns.wait_for_gradebook("postgresql://somewhere/else", 0, Log())
        assert not path.exists()
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("create table grade (score)")
        turns.wait_for_gradebook(f"sqlite:///{path}", 0, Log())
        assert said == []
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CourseError, match="run the same command again"):
            turns.wait_for_gradebook(f"sqlite:///{path}", 0.5, Log())
        other.close()
        assert len(said) == 1

    def test_every_statement_is_patient(self, tmp_path):
        """All of nbgrader's commands wait longer for SQLite than Python's five seconds."""
        import sqlalchemy

        turns.be_patient()
        turns.be_patient()
        engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'base.db'}")
        with engine.connect() as connection:
            assert connection.execute(sqlalchemy.text("PRAGMA busy_timeout")).scalar() == 30_000
        engine.dispose()
