"""Our own corpus: right programs lose nothing, wrong ones are named, unknown ones get no name.

Every program of ``train_batch`` and every fifth of the others; all of them run in the self-test
(``python -m tests.selftest``), which CI runs as well; ``DESCENTLAB_EVERY_PROGRAM=1 pytest tests/test_programs.py``
does here.
"""

from __future__ import annotations

import os

import pytest

from tests.support.programs import judged, named, programs

STRIDE = 1 if os.environ.get("DESCENTLAB_EVERY_PROGRAM") else 5


def chosen(kind):
    """All programs of train_batch, and every fifth of the others."""
    found = programs(kind)
    others = [program for program in found if program[0] != "train_batch"]
    return [program for program in found if program[0] == "train_batch"] + others[::STRIDE]


RIGHT, WRONG, PAIRS, UNKNOWN = (chosen(kind) for kind in ("right", "wrong", "pairs", "unknown"))

pytestmark = pytest.mark.filterwarnings(
    "ignore::UserWarning", "ignore::RuntimeWarning", "ignore::DeprecationWarning:torch.jit"
)


@pytest.mark.parametrize(("exercise", "path"), RIGHT, ids=named(RIGHT))
def test_right_programs_lose_nothing(exercise, path):
    """A right program in an unusual style gets full points."""
    verdict = judged(exercise, path)
    assert verdict.status == "passed", (verdict.fact, [case for case in verdict.cases if not case.passed])
    assert verdict.score == verdict.points


@pytest.mark.parametrize(("exercise", "path"), WRONG, ids=named(WRONG))
def test_wrong_programs_are_caught_and_named(exercise, path):
    """A program with one known mistake loses points and gets the mistake's name, alone or among its ties."""
    verdict = judged(exercise, path)
    assert verdict.score < verdict.points
    assert path.stem.partition("__")[0] in verdict.diagnosis, (verdict.diagnosis, verdict.fact)


@pytest.mark.parametrize(("exercise", "path"), PAIRS, ids=named(PAIRS))
def test_pairs_are_caught_and_named(exercise, path):
    """A program with two known mistakes gets the name of the pair."""
    verdict = judged(exercise, path)
    assert verdict.score < verdict.points
    expected = set(path.stem.partition("__")[0].split("+"))
    assert expected in [set(one.split("+")) for one in verdict.diagnosis], (verdict.diagnosis, verdict.fact)


@pytest.mark.parametrize(("exercise", "path"), UNKNOWN, ids=named(UNKNOWN))
def test_unknown_mistakes_are_caught_and_not_named(exercise, path):
    """A mistake that is not in the catalogue loses points, gets facts and no name."""
    verdict = judged(exercise, path)
    assert verdict.score < verdict.points
    assert verdict.diagnosis == ()
    assert verdict.fact
