"""Hostile programs earn nothing they did not work for and harm nobody; clumsy ones around a right answer lose nothing.

Every program is looked at in three ways: its points, everything around it (a folder open to all, processes, sockets),
and a right submission graded before and after it by the same warm worker.
"""

from __future__ import annotations

import os
import random
import secrets
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from graders import cards
from graders.engine import judge, key, naming
from graders.engine.source import Cell, Submission
from graders.engine.worker.client import Zygote
from graders.frontends.grading import grade_submission
from graders.frontends.html import report_html
from graders.frontends.text import report_text
from tests.hostile.accidents import ACCIDENTS, POINTS
from tests.hostile.answers import Forger
from tests.hostile.forgeries import FORGERIES
from tests.hostile.harms import HARMS
from tests.hostile.program import RIGHT, SETUP, Program, train
from tests.hostile.watch import ROOT, Watch, descendants

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what is left behind is read from /proc"),
    pytest.mark.timeout(120),
]

SLUG = "ps3_batch_descent"
CASES = ("three_points", "hidden_stable")  # public and hidden; the rest adds time and no other path
STUDENTS_OWN = {"passed", "failed", "raised", "timed-out", "not-attempted"}  # never grader-error
SHORT, LONG = 1.0, 10.0  # seconds a call has where it is to be cut short, and where it must not be


class Bench:
    """A warm worker at one level, what is watched around it, and a right submission to compare with."""

    def __init__(self, level: str | None, folder: Path) -> None:
        self.zygote = Zygote(trust=True, level=level).__enter__()
        self.watch = Watch(folder, f"dl{secrets.token_hex(6)}")
        self.target = self.watch.target(self.zygote)
        self.canary = [Cell("1", SETUP.replace("{target!r}", "None")), Cell("2", RIGHT)]
        self.before = self.graded(self.canary, cases=1)
        self.state = self.watch.state()
        Bench.known |= descendants()  # those of the other benches too

    known: ClassVar[set[int]] = set()

    def graded(self, cells, seconds=LONG, cases=2):
        """Return the verdict on ``train_batch``."""
        card, asked = _asked()
        asked = replace(asked, cases=asked.cases[-cases:])
        card = replace(card, call_seconds=seconds, submission_seconds=6 * seconds)
        submission = Submission(Path("student.py"), "student", SLUG, tuple(cells), "notebook")
        with pytest.MonkeyPatch.context() as patch:
            # a dozen calls more; the judge's search for words has its own test below
            patch.setattr(naming, "ignored_argument", lambda *_: ())
            (verdict,) = grade_submission(self.zygote, submission, card, {"train_batch": asked}).exercises
        return verdict

    def look_around(self):
        """Assert that nothing outside changed, nothing runs, and the others are graded as before."""
        assert self.watch.leftovers(self.known) == {}
        before, self.state = self.state, self.watch.state()  # what one did is not held against the next
        assert self.state == before
        assert not list(Path(self.zygote._base).glob("warm/work-*"))
        assert self.zygote._generation == 1, "the warm process had to be started again"
        assert self.graded(self.canary, cases=1) == self.before

    def close(self):
        """End the worker and what was prepared."""
        self.zygote.close()
        self.watch.close()


_card_and_key = []


def _asked():
    """Return the card with ``train_batch`` alone, and a small key for it."""
    if not _card_and_key:
        from graders.keys import all_keys

        card = cards.load(SLUG)
        whole = all_keys(SLUG, 11)["train_batch"]
        cases = tuple(case for case in whole.cases if case.case.name in CASES)
        assert [case.hidden for case in cases] == [False, True]
        _card_and_key.extend([replace(card, exercises=(card.exercise("train_batch"),)), replace(whole, cases=cases)])
    return _card_and_key


def _bench(level, tmp_path_factory):
    made = Bench(level, tmp_path_factory.mktemp("watched"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """A warm worker at the strongest level this machine has, or at the one ``DESCENTLAB_TEST_LEVEL`` names."""
    yield from _bench(os.environ.get("DESCENTLAB_TEST_LEVEL"), tmp_path_factory)


@pytest.fixture(scope="module")
def trusting(tmp_path_factory):
    """A warm worker without isolation, as on macOS with --trust-submissions."""
    yield from _bench("process", tmp_path_factory)


@pytest.fixture
def locked(bench):
    """The same, where student code is locked in."""
    if bench.zygote.isolation == "process":
        pytest.skip(f"nothing is locked in here: {bench.zygote.reasons}")
    return bench


def named(programs):
    """Return parameters with readable names."""
    return [pytest.param(program, id=program.name) for program in programs]


def test_there_are_enough_of_them():
    """At least sixty programs, each with a name of its own."""
    names = [program.name for program in (*FORGERIES, *HARMS, *ACCIDENTS)]
    assert len(names) == len(set(names))
    assert len(names) >= 60


def test_the_canary_is_right(bench):
    """What the others are compared with has full points."""
    assert (bench.before.score, bench.before.status) == (POINTS, "passed")


@pytest.mark.parametrize("program", named(FORGERIES))
def test_a_forgery_earns_nothing(bench, program):
    """Wrong numbers stay wrong, whatever the program says, patches, finds or claims."""
    if not program.everywhere and bench.zygote.isolation == "process":
        pytest.skip(f"files are open without isolation: {bench.zygote.reasons}")
    verdict = bench.graded(program.cells(bench.target, tools=True), SHORT)
    assert verdict.score == 0.0
    assert verdict.status in STUDENTS_OWN - {"passed"}
    bench.look_around()


@pytest.mark.parametrize("program", named(p for p in FORGERIES if p.everywhere))
def test_a_forgery_earns_nothing_without_isolation(trusting, program):
    """At the level ``process`` too, marks come from the judge's own numbers."""
    verdict = trusting.graded(program.cells(trusting.target, tools=True), SHORT)
    assert verdict.score == 0.0
    assert verdict.status in STUDENTS_OWN - {"passed"}
    trusting.look_around()


@pytest.mark.parametrize("program", named(HARMS))
def test_harm_is_refused(locked, program):
    """Files, processes, sockets and the machine are as they were; the answer earns what it earns."""
    verdict = locked.graded(program.cells(locked.target), SHORT)
    assert verdict.status in STUDENTS_OWN
    if program.score is not None:
        assert verdict.score <= program.score
    locked.look_around()


@pytest.mark.parametrize("program", named(ACCIDENTS))
def test_a_right_answer_in_clumsy_surroundings_keeps_its_points(bench, program):
    """Prints, warnings, changed defaults, threads, plots and broken cells cost nothing."""
    verdict = bench.graded(program.cells(bench.target))
    assert (verdict.score, verdict.status) == (POINTS, "passed"), verdict.fact
    bench.look_around()


def test_answers_known_by_heart_are_not_full_points(bench):
    """A table of the public answers, which ship with the notebook, fails every hidden case."""
    public = _asked()[1].cases[0]
    table = {name: value.tolist() for name, value in public.expected.items()}
    source = train(f"table = {table!r}\nreturn History(table['w'], table['b'], table['loss'])")
    verdict = bench.graded(Program("by_heart", source).cells(bench.target))
    assert verdict.status == "failed"
    assert verdict.score < POINTS
    assert not any(case.passed for case in verdict.cases if case.name.startswith("hidden"))
    bench.look_around()


@pytest.mark.parametrize("slug", cards.SLUGS)
def test_the_judge_survives_every_answer(slug):
    """Whatever values a forged frame holds, there is a verdict in points, and a report of it."""
    card = cards.load(slug)
    public = key.load((ROOT / "assignments" / slug / f"{slug}.key.json").read_text(encoding="utf-8"))
    chance = random.Random(slug)
    for exercise in card.exercises * 15:
        ask = Forger(exercise, public[exercise.name], chance)
        verdict = judge.judge_exercise(card, exercise, public[exercise.name], ask)
        assert 0.0 <= verdict.score <= verdict.points
        assert verdict.status in STUDENTS_OWN
        assert not _sneaked(report_text(verdict))
        assert report_html(verdict)


def _sneaked(text):
    """Return the letters that would move a terminal's cursor or turn its text around."""
    return [letter for letter in text if unicodedata.category(letter) in {"Cc", "Cf", "Cs"} and letter != "\n"]


@pytest.mark.parametrize("program", named(p for p in FORGERIES if "words" in p.name or "escapes" in p.name))
def test_no_report_carries_what_a_program_sneaks_in(bench, program):
    """Escapes, direction marks and tags of a student's message reach no terminal and no page."""
    verdict = bench.graded(program.cells(bench.target, tools=True), SHORT)
    assert not _sneaked(report_text(verdict))
    assert "<script" not in report_html(verdict)
