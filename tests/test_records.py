"""The ledger survives a kill; JSON, CSV, Gradescope and the table say what the record says."""

from __future__ import annotations

import csv
import io
import json
import math

import pytest

from graders.cards import SLUGS
from graders.frontends.class_report import NoRecordsError, count, histogram, print_report, read_records
from graders.frontends.ledger import Ledger, LedgerBusyError, read_entries
from graders.frontends.records import Run, class_rows, csv_text, gradescope, write_json

PS3 = "ps3_batch_descent"


def exercise(name="train_batch", score=6.0, points=6.0, status="passed", diagnosis=(), **extra):
    return {
        "name": name, "score": score, "points": points, "status": status, "fact": "It is so.", "hint": "Look.",
        "diagnosis": list(diagnosis), "first_difference": None, "cases": [], **extra,
    }  # fmt: skip


def record(student="ada", score=6.0, status="graded", exercises=None, **extra):
    exercises = [exercise()] if exercises is None else exercises
    return {
        "student": student, "assignment": PS3, "path": f"{student}.py", "status": status, "score": score,
        "points": 8.0, "seconds": 0.1, "exercises": exercises, **extra,
    }  # fmt: skip


def students(ledger, keys):
    return [entry["submission"]["student"] for entry in ledger.entries(keys)]


def test_a_torn_line_is_cut_off_and_the_rest_kept(tmp_path):
    """A kill in the middle of a line loses that line only, at whatever letter it comes."""
    path = tmp_path / "records.jsonl"
    with Ledger(path) as ledger:
        ledger.append("1", record("ada"))
    whole = path.read_bytes()
    with Ledger(path) as ledger:
        ledger.append("2", record("bob"))
    both = path.read_bytes()
    for cut in range(len(whole), len(both)):
        path.write_bytes(both[:cut])
        with Ledger(path) as ledger:
            assert (ledger.holds("1"), ledger.holds("2")) == (True, False)
    with Ledger(path) as ledger:
        ledger.append("2", record("bob"))
        assert students(ledger, ["2", "1"]) == ["ada", "bob"]
    assert path.read_bytes() == both


def test_foreign_lines_do_no_harm(tmp_path):
    """A line that is no record of ours is passed over."""
    path = tmp_path / "records.jsonl"
    path.write_text('hello\n{"key": "9"}\n[1]\n\n')
    with Ledger(path) as ledger:
        ledger.append("1", record())
        assert students(ledger, ["1"]) == ["ada"]
    assert [entry["key"] for entry in read_entries(path)] == ["1"]


def test_order_is_by_student_and_not_by_time(tmp_path):
    """Entries come sorted whatever the order of arrival; the last of a key counts."""
    with Ledger(tmp_path / "r.jsonl") as ledger:
        for key, name in (("1", "zoe"), ("2", "ada"), ("3", "mia")):
            ledger.append(key, record(name))
        ledger.append("2", record("ada", score=1.0))
        assert students(ledger, ["1", "2", "3"]) == ["ada", "mia", "zoe"]
        assert next(iter(ledger.entries(["2"])))["submission"]["score"] == 1.0


def test_what_the_grader_failed_at_is_tried_again(tmp_path):
    """A grader-error is kept for the report and not taken for done."""
    with Ledger(tmp_path / "r.jsonl") as ledger:
        ledger.append("1", record(status="grader-error"))
        assert not ledger.holds("1")
        assert students(ledger, ["1"]) == ["ada"]


def test_fresh_begins_anew_and_two_writers_are_refused(tmp_path):
    """--fresh empties the file; a second run at the same time is told so without a path of this machine."""
    path = tmp_path / "r.jsonl"
    with Ledger(path) as ledger:
        ledger.append("1", record())
        with pytest.raises(LedgerBusyError) as caught:
            Ledger(path)
        assert str(tmp_path.parent) not in str(caught.value)
    with Ledger(path, fresh=True) as ledger:
        assert not ledger.holds("1")


def test_json_is_the_published_document(tmp_path):
    """The head, then the records; numbers that JSON cannot spell become null."""
    bad = record(exercises=[exercise(first_difference={"yours": math.nan, "expected": math.inf})])
    with Ledger(tmp_path / "r.jsonl") as ledger:
        ledger.append("1", bad)
        ledger.append("2", record("bob"))
        file = io.StringIO()
        write_json(file, Run(7, "cpu", "full"), (entry["submission"] for entry in ledger.entries(["2", "1"])))
    document = json.loads(file.getvalue(), parse_constant=pytest.fail)
    assert {key: document[key] for key in ("schema", "seed", "device", "isolation")} == {
        "schema": "descentlab/1", "seed": 7, "device": "cpu", "isolation": "full",
    }  # fmt: skip
    assert [one["student"] for one in document["submissions"]] == ["ada", "bob"]
    assert document["submissions"][0]["exercises"][0]["first_difference"] == {"yours": None, "expected": None}


def test_csv_has_a_row_a_submission_and_a_column_an_exercise():
    """Scores, the diagnosis, and no cell that a spreadsheet would run."""
    wrong = exercise(score=1.5, status="failed", diagnosis=["half-mse", "sum-instead-of-mean"])
    records = [
        record("=cmd()", exercises=[wrong]),
        record("bob", status="unreadable", exercises=[], message="It is empty."),
    ]
    rows = list(csv.DictReader(io.StringIO(csv_text(records, [PS3]))))
    assert list(rows[0]) == [
        "student",
        "assignment",
        "status",
        "score",
        "points",
        "train_batch",
        "plot_losses",
        "diagnosis",
    ]
    assert (rows[0]["student"], rows[0]["train_batch"], rows[0]["plot_losses"]) == ("'=cmd()", "1.5", "")
    assert rows[0]["diagnosis"] == "train_batch: half-mse or sum-instead-of-mean"
    assert (rows[1]["score"], rows[1]["diagnosis"]) == ("", "It is empty.")


def test_gradescope_gets_a_score_a_test_and_none_for_our_own_failure():
    """results.json of Gradescope; without a score it asks for a hand."""
    entry = {
        "submission": record(exercises=[exercise(), exercise("plot_losses", 0.0, 2.0, "failed")]),
        "text": {"train_batch": "Well done."},
    }
    document = gradescope(entry)
    assert document["score"] == 6.0
    assert [(test["name"], test["max_score"], test["status"]) for test in document["tests"]] == [
        ("train_batch", 6.0, "passed"),
        ("plot_losses", 2.0, "failed"),
    ]
    assert document["tests"][0]["output"] == "Well done."
    assert document["tests"][1]["output"] == "It is so.\nLook."
    assert "score" not in gradescope({"submission": record(status="grader-error", exercises=[])})


def render(table):
    from rich.console import Console

    console = Console(width=140, file=io.StringIO())
    console.print(table)
    return console.file.getvalue()


def test_the_table_shows_everyone_and_obeys_nobody():
    """Points, diagnosis or status; markup and escapes in names are only text."""
    wrong = exercise(score=2.0, status="failed", diagnosis=["gradients-not-zeroed"])
    records = [
        record("[red]eve\x1b[2J", score=2.0, exercises=[wrong, exercise("plot_losses", 0.0, 2.0, "not-attempted")]),
        record("bob", status="unreadable", exercises=[], message="bob.py is empty."),
    ]
    text = render(class_rows(records))
    assert "[red]eve\\x1b[2J" in text
    assert "2 of 8" in text
    assert "gradients-not-zeroed" in text
    assert "not attempted" in text
    assert "bob.py is empty." in text


def test_a_class_report_counts_and_names_nobody(tmp_path, capsys):
    """Histogram, statuses, the most frequent mistakes first; from a folder, a ledger or results.json alike."""
    wrong = exercise(score=3.0, status="failed", diagnosis=["b", "a"])
    with Ledger(tmp_path / "records.jsonl") as ledger:
        ledger.append("1", record("ada", score=8.0, exercises=[exercise(), exercise("plot_losses", 2.0, 2.0)]))
        ledger.append("2", record("bob", score=3.0, exercises=[wrong]))
        ledger.append("3", record("eve", score=3.4, exercises=[wrong]))
        ledger.append("4", record("hal", score=0.0, status="unreadable", exercises=[]))
        with (tmp_path / "results.json").open("w") as file:
            write_json(file, Run(1, "cpu", "full"), (entry["submission"] for entry in ledger.entries("1234")))
    print_report(tmp_path)
    text = capsys.readouterr().out
    assert "4 submissions (1 unreadable)" in text
    assert "2  a or b" in text
    assert "eve" not in text
    print_report(tmp_path / "results.json")
    assert capsys.readouterr().out == text
    counts = count(read_records(tmp_path))[PS3]
    assert counts.exercises["train_batch"].mistakes == {"a or b": 2}
    assert dict(histogram(counts.scores, 8.0))["3 to 4"] == 2
    assert dict(histogram(counts.scores, 8.0))["8"] == 1


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"submissions": 3}', '{"submissions": []}'])
def test_a_file_without_records_says_so(tmp_path, content):
    """The sentence names the file and the command that makes one."""
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(NoRecordsError, match=r"x\.json"):
        list(read_records(path))
    with pytest.raises(NoRecordsError, match="descentlab grade --out"):
        list(read_records(tmp_path))


def test_every_assignment_has_its_columns():
    """A mixed class has the columns of all its assignments, in the order of the course."""
    header = csv_text([], reversed(SLUGS)).strip().split(",")
    assert header[5] == "make_line"
    assert header[-2] == "plot_comparison"
