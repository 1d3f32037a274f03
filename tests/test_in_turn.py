"""Cases answered in turn by one process: only where that tells what a process for each would tell."""

from __future__ import annotations

import pytest

from graders import cards
from graders.engine.asking import asking
from graders.engine.judge import judge_exercise
from graders.engine.source import Cell
from graders.engine.worker.client import Zygote
from graders.keys import public_keys

SLUG, NAME = "ps3_batch_descent", "train_batch"
PROGRAM = """
from torch import Tensor
from graders import History
CALLS = []
def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    CALLS.append(1)
    {before}
    w, b = w0.clone(), b0.clone()
    ws, bs, losses = [float(w)], [float(b)], []
    for _ in range(epochs):
        error = w * x + b - y
        losses.append(float((error**2).mean()))
        w, b = w - lr * {factor} * (error * x).mean(), b - lr * {factor} * error.mean()
        ws.append(float(w)); bs.append(float(b))
    return History(ws, bs, losses)
"""


@pytest.fixture(scope="module")
def zygote():
    with Zygote(trust=True) as warm:
        yield warm


class Counted:
    """A session that counts the processes it starts; ``alone``: one for each question."""

    def __init__(self, session, *, alone):
        self.session, self.alone, self.asked = session, alone, 0
        self.ran = session.ran

    def ask(self, question, seconds=10.0):
        self.asked += 1
        return self.session.ask(question, seconds)

    def ask_in_turn(self, questions, seconds=10.0):
        if not self.alone:
            yield from self.session.ask_in_turn(questions, seconds)


def judged(zygote, before="", factor="2", *, alone=False):
    """Return the verdict, and how many questions had a process of their own."""
    cells = (Cell("1", PROGRAM.format(before=before, factor=factor)),)
    card = cards.load(SLUG)
    with zygote.session(cells) as session:
        counted = Counted(session, alone=alone)
        verdict = judge_exercise(card, card.exercise(NAME), public_keys(SLUG)[NAME], asking(counted, cells))
    return verdict, counted.asked


@pytest.mark.parametrize(
    ("before", "factor", "fresh"),
    [
        ("", "2", 0),  # right
        ("", "1", 0),  # a known mistake
        ("", "1.234", None),  # nothing known
        ("x.add_(1) if len(CALLS) > 1 else None", "2", None),  # right on the first call only
        ("raise ValueError('no')", "2", None),
        ("import os; os._exit(3)", "2", None),
    ],
)
def test_the_verdict_is_that_of_a_process_for_each_case(zygote, before, factor, fresh):
    """Points, status, diagnosis and every case are the same; right and known programs need no further process."""
    quick, asked = judged(zygote, before, factor)
    slow, every = judged(zygote, before, factor, alone=True)
    assert quick == slow
    assert every >= len(quick.cases)
    if fresh is not None:
        assert asked == fresh
    else:
        assert asked > 0


def test_a_program_that_is_right_once_is_found_out(zygote):
    """A function that keeps something between calls does not pass because its cases shared a process."""
    verdict, _ = judged(zygote, "lr = lr if len(CALLS) == 1 else lr * 1.01")
    assert verdict.status == "failed"


def test_a_session_closed_under_the_judge_is_not_the_students_doing():
    """A worker that is let go while a submission is judged in another thread is the grader's failure, no time-out."""
    from graders.engine.observation import Question
    from graders.engine.worker.client import GraderError

    with Zygote(trust=True) as warm:
        session = warm.session((Cell("1", PROGRAM.format(before="", factor="2")),))
        signature = Question(NAME, "signature", {})
        assert session.ask(signature).outcome == "returned"
        warm.close()
        with pytest.raises(GraderError, match="its session was closed"):
            session.ask(signature)
