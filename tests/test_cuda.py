"""On a CUDA machine: the same cases, the float32 confirmation on the device."""

from __future__ import annotations

import pytest
import torch

from graders import cards
from graders.engine.judge import judge, judge_exercise
from graders.engine.source import Cell
from graders.engine.worker.client import Zygote
from graders.keys import all_keys, reference
from tests.support.answers import asking
from tests.support.programs import CORPUS

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device on this machine"),
]

EXERCISES = [(slug, name) for slug, names in cards.EXERCISES.items() for name in names]


@pytest.mark.parametrize(("slug", "name"), EXERCISES)
def test_the_reference_is_right_on_the_device(slug, name):
    """Every solution passes with the float32 cases on the GPU."""
    card = cards.load(slug)
    key = all_keys(slug, 7)[name]
    verdict = judge_exercise(card, card.exercise(name), key, asking(reference(slug)), device="cuda")
    assert verdict.status == "passed", verdict.fact
    devices = {case.device for case in verdict.cases if case.dtype == "float32"}
    assert devices <= {"cuda"}


@pytest.mark.parametrize("style", ["closed_form", "autograd_backward", "optimizer_sgd", "numpy_inside"])
def test_right_programs_pass_in_the_worker_on_the_device(style):
    """Student code initialises CUDA in its own process, and a right program passes there."""
    source = (CORPUS / "train_batch" / "right" / f"{style}.py").read_text()
    keys = {"train_batch": all_keys("ps3_batch_descent", 7)["train_batch"]}
    with Zygote(trust=True) as zygote, zygote.session([Cell("1", source)]) as session:
        (verdict,) = judge(cards.load("ps3_batch_descent"), keys, session.ask, device="cuda")
    assert verdict.status == "passed", verdict.fact


def test_a_program_that_stays_on_the_cpu_is_told_so():
    """Mixing devices is an error of the student's, with its own name."""
    source = (CORPUS / "train_batch" / "right" / "closed_form.py").read_text()
    wrong = source.replace("w * x + b - y", "w * x + b - y + torch.zeros(len(x), 1, dtype=x.dtype)")
    namespace = {}
    exec(compile(wrong, "<cell 1>", "exec"), namespace)
    card = cards.load("ps3_batch_descent")
    key = all_keys("ps3_batch_descent", 7)["train_batch"]
    verdict = judge_exercise(card, card.exercise("train_batch"), key, asking(namespace), device="cuda")
    assert verdict.score < verdict.points
    assert verdict.diagnosis == ("device-mismatch",)
