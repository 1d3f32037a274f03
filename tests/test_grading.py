"""Grading a class: the same result in any order and after any kill, and no submission stops another."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest

from graders.engine.source import read
from graders.frontends import grading
from graders.frontends.class_run import grade_class, write_results
from graders.frontends.discover import discover
from graders.frontends.grading import Terms
from graders.frontends.pool import grade_all

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "solutions" / "sample_class"
PS3 = "ps3_batch_descent"
RIGHT = (SAMPLES / PS3 / "leonhard.py").read_text()


@cache
def keys_for(slug, _seed):
    from graders.keys import public_keys

    return public_keys(slug)


@pytest.fixture(scope="module")
def warm():
    """One warm worker for all tests that grade in this process."""
    from graders.engine.worker.client import Zygote

    with Zygote(trust=True) as zygote:
        yield zygote


@pytest.fixture
def shared(warm, monkeypatch):
    """Lend the warm worker wherever a new one is asked for."""
    from graders.engine.worker import client

    class Lent:
        def __init__(self, **_):
            pass

        def __enter__(self):
            return warm

    monkeypatch.setattr(client, "Zygote", Lent)
    monkeypatch.setattr(warm, "close", lambda: None)


@pytest.fixture
def folder(tmp_path):
    """A class of seven: right, wrong, raising, unreadable, of no assignment, of another one, and empty."""
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("leonhard", "dorothy", "henri"):
        (folder / f"{name}.py").write_text((SAMPLES / PS3 / f"{name}.py").read_text())
    (folder / "damaged.ipynb").write_text('{"cells": [')
    (folder / "lost.py").write_text("def something(): pass\n")
    (folder / "other_ps3.py").write_text((SAMPLES / "ps1_model_and_loss" / "leonhard.py").read_text())
    (folder / "zero.py").write_text("")
    return folder


def grade(found, out, **options):
    options = {"seed": 7, "out": out, "jobs": 1, "trust": True, "keys_for": keys_for, **options}
    result = grade_class(found, **options)
    with result.ledger:
        return result, [{**record, "seconds": 0} for record in result.records()]


def lines(out):
    return (out / "records.jsonl").read_bytes().splitlines()


def test_a_class_gets_its_verdicts(folder, tmp_path, shared):
    """Everyone appears, with status, points, diagnosis or a sentence of their own."""
    result, records = grade(discover([folder]), tmp_path / "out")
    by_name = {record["student"]: record for record in records}
    assert list(by_name) == ["damaged", "dorothy", "henri", "leonhard", "lost", "other", "zero"]
    assert {name: record["status"] for name, record in by_name.items()} == {
        "damaged": "unreadable", "dorothy": "graded", "henri": "graded", "leonhard": "graded", "lost": "unreadable",
        "other": "graded", "zero": "unreadable",
    }  # fmt: skip
    train, plot = by_name["leonhard"]["exercises"]
    assert (train["status"], train["score"], plot["status"]) == ("passed", 6.0, "not-attempted")
    assert by_name["leonhard"]["score"] == 6.0
    assert by_name["dorothy"]["exercises"][0]["diagnosis"][0] == "gradients-not-zeroed"
    assert by_name["henri"]["exercises"][0]["status"] == "raised"
    assert "damaged.ipynb is damaged" in by_name["damaged"]["message"]
    assert "lost.py" in by_name["lost"]["message"]
    assert "looks like ps1_model_and_loss" in by_name["other"]["message"]
    assert by_name["other"]["score"] == 0.0
    assert result.run.isolation in {"full", "no-namespaces", "process"}


def test_results_are_written(folder, tmp_path, shared):
    """results.json, grades.csv, a feedback page and a Gradescope file each; nothing of the machine's paths in a page."""
    out = tmp_path / "out"
    result = grade_class(discover([folder / "dorothy.py"]), seed=7, out=out, jobs=1, trust=True, keys_for=keys_for)
    with result.ledger:
        write_results(out, result)
    document = json.loads((out / "results.json").read_text())
    assert document["schema"] == "descentlab/1"
    assert [one["student"] for one in document["submissions"]] == ["dorothy"]
    assert "gradients-not-zeroed" in (out / "grades.csv").read_text()
    page = (out / "feedback" / "dorothy" / f"{PS3}.html").read_text()
    assert "train_batch" in page
    assert "<img" in page
    assert str(tmp_path) not in page
    assert json.loads((out / "gradescope" / "dorothy" / f"{PS3}.json").read_text())["tests"]


def test_the_result_does_not_depend_on_order_or_jobs(folder, tmp_path, shared):
    """Shuffled, with one process and with two: the same records."""
    found = discover([folder])
    _, first = grade(found, tmp_path / "one")
    _, second = grade(found[::-1], tmp_path / "two", jobs=2)
    assert first == second


def test_a_second_run_does_nothing_and_a_changed_file_is_graded_again(folder, tmp_path, shared):
    """Done is what has the same content, seed and version; --fresh begins anew."""
    out = tmp_path / "out"
    _, first = grade(discover([folder]), out)
    result, second = grade(discover([folder]), out)
    assert (result.resumed, len(lines(out))) == (7, 7)
    assert second == first
    (folder / "zero.py").write_text(RIGHT)
    result, third = grade(discover([folder]), out)
    assert (result.resumed, len(lines(out))) == (6, 8)
    assert third[-1]["score"] == 6.0
    assert grade(discover([folder / "zero.py"]), out, seed=8)[0].resumed == 0
    assert grade(discover([folder / "zero.py"]), out, fresh=True)[0].resumed == 0
    assert len(lines(out)) == 1


KILLED = """
import sys
from pathlib import Path
from graders.frontends.class_run import grade_class
from graders.frontends.discover import discover
from graders.keys import public_keys

def keys_for(slug, seed):
    return public_keys(slug)

if __name__ == "__main__":
    grade_class(discover([sys.argv[1]]), seed=7, out=Path(sys.argv[2]), jobs=2, trust=True, keys_for=keys_for)
"""


def test_a_killed_run_resumes_without_loss(tmp_path, shared, monkeypatch):
    """SIGKILL in the middle; what was finished is kept, the rest is graded, nothing twice, and no process stays."""
    folder, out, script = tmp_path / "class", tmp_path / "out", tmp_path / "run.py"
    folder.mkdir()
    for number in range(16):
        (folder / f"s{number:02d}.py").write_text(RIGHT + f"\nNUMBER = {number}\n")
    script.write_text(KILLED)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen([sys.executable, str(script), str(folder), str(out)], cwd=tmp_path, env=environment)
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if (out / "records.jsonl").exists() and len(lines(out)) >= 2:
            break
        time.sleep(0.01)
    children = _children(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = len(lines(out))
    assert 2 <= kept < 16
    until = time.monotonic() + 20
    while any(_alive(child) for child in children) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(_alive(child) for child in children)

    with (out / "records.jsonl").open("ab") as file:
        file.write(b'{"key": "torn')
    monkeypatch.chdir(tmp_path)  # a record's path is shown from the folder the command runs in
    result, records = grade(discover([folder]), out)
    assert result.resumed == kept
    assert len(lines(out)) == 16
    assert [record["student"] for record in records] == [f"s{number:02d}" for number in range(16)]
    assert {record["score"] for record in records} == {6.0}


def _children(parent):
    pids = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(entry.read_text().rsplit(")", 1)[1].split()[1]) == parent:
                pids.append(int(entry.parent.name))
        except (OSError, IndexError):
            continue
    return pids + [grandchild for pid in pids for grandchild in _children(pid)]


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_submission_that_breaks_the_grader_stops_nobody(folder, tmp_path, shared, monkeypatch):
    """Our own failure is named as ours, tried twice, and graded again at the next run."""
    real, calls = grading.grade_submission, []

    def broken(zygote, submission, *rest, **options):
        if submission.student == "henri":
            calls.append(submission.student)
            raise RuntimeError("boom")
        return real(zygote, submission, *rest, **options)

    monkeypatch.setattr(grading, "grade_submission", broken)
    _, records = grade(discover([folder]), tmp_path / "out")
    by_name = {record["student"]: record for record in records}
    assert by_name["henri"]["status"] == "grader-error"
    assert by_name["henri"]["message"].startswith("The grader failed, not you")
    assert len(calls) == 2
    assert by_name["leonhard"]["score"] == 6.0
    monkeypatch.setattr(grading, "grade_submission", real)
    result, records = grade(discover([folder]), tmp_path / "out")
    assert result.resumed == 6
    assert {record["status"] for record in records} == {"graded", "unreadable"}


class _Bomb:
    """Ends the process that unpickles it."""

    def __reduce__(self):
        return os._exit, (3,)


def test_a_judge_process_that_dies_costs_one_submission(tmp_path):
    """The pool is started again; the others are graded."""
    from dataclasses import replace

    work = []
    for number in range(2):
        path = tmp_path / f"s{number}.py"
        path.write_text(RIGHT)
        submission = read(path, assignment=PS3)
        work.append((number, replace(submission, notes=(_Bomb(),)) if number == 1 else submission))
    results = dict(grade_all(work, keys_for, Terms(0), jobs=2, trust=True))
    assert {number: graded.record["status"] for number, graded in results.items()} == {0: "graded", 1: "grader-error"}
    assert "The grader failed, not you" in results[1].record["message"]


def test_a_worker_that_cannot_start_ends_the_run(folder, tmp_path, monkeypatch):
    """Where nothing can be graded the command stops with a sentence; nobody gets a zero for it."""
    from graders.engine.worker import client

    def refuse(self):
        raise client.IsolationUnavailable("This machine allows no isolation.")

    monkeypatch.setattr(client.Zygote, "__enter__", refuse)
    with pytest.raises(client.IsolationUnavailable):
        grade(discover([folder]), tmp_path / "out")
    assert all(b'"graded"' not in line for line in lines(tmp_path / "out"))
