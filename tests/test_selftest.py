"""The self-test's own parts: its operators make distinct programs, its oracle sees, its targets are enforced."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from graders import cards
from graders.engine.tolerance import Measured
from tests.selftest import spread
from tests.selftest.__main__ import every
from tests.selftest.data import CALLS
from tests.selftest.figures import PICTURES
from tests.selftest.measure import QUICK, Result, Tally, measure
from tests.selftest.mutants import mutants
from tests.selftest.oracle import Oracle
from tests.selftest.programs import EndlessError, judged, unnamed
from tests.selftest.spread import reach, spreads
from tests.selftest.table import missed, verdict_rows, verdicts

SOURCE = '''
from __future__ import annotations

def double(values: list[float], first: int, count: int) -> list[float]:
    """Return the doubles."""
    total = []
    for k in range(first, count):
        if values[k] < 3:
            total.append(2 * values[k])
    return total

def other():
    return 1 + 1
'''
FORWARD = "def forward(x, w, b):\n    return {}\n"
DOUBLE = Measured("forward", "float64", "cpu", 3e-16, "right/plain", 1e-3, "wrong/ascent")
SINGLE = Measured(
    "forward", "float32", "cpu", 2e-7, "right/lerp", 3e-4, "half precision inside", 2e-5, "wrong/near__b", 2
)
STATED = (DOUBLE, SINGLE)


def solution(slug):
    return Path(f"solutions/{slug}.py").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def forward():
    """The exercise forward, its card, and its public key without the catalogue."""
    from graders.keys import public_keys

    card = cards.find("forward")
    return card, card.exercise("forward"), unnamed(public_keys(card.slug)["forward"])


def test_mutants_are_distinct_programs():
    """Every mutant compiles, differs from the source and from all others, and touches only the function asked for."""
    found = mutants(SOURCE, "double", 1000, 0)
    texts = [one.source for one in found]
    assert len(set(texts)) == len(texts) >= 25
    assert ast.unparse(ast.parse(SOURCE)) not in texts
    assert all("return 1 + 1" in text for text in texts)
    operators = {one.operator for one in found}
    assert operators >= {"statements", "comparisons", "ranges", "constants", "calls", "names", "arithmetic"}


@pytest.mark.parametrize(
    "line",
    [
        "for k in range(first, count + 1):",
        "for k in range(first, count - 1):",
        "for k in range(count, first):",
        "for k in range(count, count):",
        "if values[k] <= 3:",
        "total.append(2 + values[k])",
        "total.append(3 * values[k])",
    ],
)
def test_operators_make_the_known_slips(line):
    """Off-by-one ranges, comparisons, arithmetic, constants and other names are among the mutants."""
    texts = [one.source for one in mutants(SOURCE, "double", 1000, 0)]
    assert any(line in text for text in texts)


def test_a_limit_draws_from_every_operator_and_repeats():
    """A smaller number of mutants still shows every operator; the same seed draws the same ones."""
    few = mutants(SOURCE, "double", 9, 5)
    assert len(few) == 9
    assert few == mutants(SOURCE, "double", 9, 5)
    assert len({one.operator for one in few}) >= 7


def test_helpers_of_a_function_are_mutated_as_well():
    """The helper a solution calls is part of it."""
    found = mutants(solution("ps7_experiments"), "batch_size_sweep", 1000, 0)
    assert any("bs.append" in one.change for one in found)


def test_the_oracle_has_data_for_every_exercise():
    """Every exercise is drawn or called by the oracle, none by both."""
    names = {name for _, name in every()}
    assert CALLS.keys() | PICTURES.keys() == names
    assert not CALLS.keys() & PICTURES.keys()


@pytest.mark.parametrize(
    ("expression", "right"),
    [
        ("w * x + b", True),
        ("(x * w).add(b)", True),
        ("w * x - b", False),
        ("w * x + b + 1e-7", False),
        ("w.detach() * x + b", False),
        ("x.mul_(w) + b", False),
        ("(w * x + b).float()", False),
        ("(w * x + b) / 0 if len(x) == 19 else w * x + b", False),
        ("no_such_name", False),
    ],
)
def test_the_oracle_tells_right_from_wrong(forward, expression, right):
    """Other words for the same are right; other numbers, other gradients, changed arguments are not."""
    _, exercise, _ = forward
    oracle = Oracle(exercise, solution("ps1_model_and_loss"), 3)
    assert oracle.agrees(FORWARD.format(expression)) == right


@pytest.mark.parametrize(
    ("old", "new", "right"),
    [
        ('xlabel="epoch"', 'xlabel="number of the epoch"', True),
        ("axes.grid(visible=True)", "pass", True),
        ("axes.legend()\n    axes.grid(visible=True)\n", "axes.grid(visible=True)\n", False),
        ("range(len(loss)), loss", "range(len(loss)), sorted(loss)", False),
        ("range(len(loss)), loss", "range(1, len(loss) + 1), loss", True),
        ('ylabel="loss"', 'ylabel=""', False),
    ],
)
def test_the_oracle_reads_figures(old, new, right):
    """What the contract asks of a figure is looked for, and nothing else."""
    source = solution("ps3_batch_descent")
    exercise = cards.find("plot_losses").exercise("plot_losses")
    assert source.count(old) == 1
    assert Oracle(exercise, source, 3).agrees(source.replace(old, new)) == right


def test_an_endless_program_is_stopped(forward):
    """A program that does not come to an end is stopped, whatever it catches."""
    source = "def forward(x, w, b):\n    while True:\n        try:\n            w = w + 1\n        except Exception:\n            pass\n"
    with pytest.raises(EndlessError):
        judged(*forward, source, seconds=0.2)


def test_reach_counts_numbers_only(forward):
    """A deviation within the tolerance counts, a failure of form is infinite, hints alone are no distance."""
    right = reach(judged(*forward, FORWARD.format("w * x + b")))
    assert right == {}  # no hints
    hints = "from torch import Tensor\ndef forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:\n    return {}\n"
    assert max(reach(judged(*forward, hints.format("w * x + b"))).values()) < 1e-6
    assert max(reach(judged(*forward, hints.format("None"))).values()) == float("inf")
    off = reach(judged(*forward, hints.format("w * x + b + 1")))
    assert 0.1 < min(off.values()) <= max(off.values()) < 10


FAULTS = {
    "a correct program is rejected: right/plain": {"rejected": ["right/plain"]},
    "a mistake is accepted: wrong/ascent": {"wrong": Tally(1, accepted=["wrong/ascent"])},
    "a mistake gets a wrong name: wrong/ascent": {"wrong": Tally(1, misnamed=["wrong/ascent"])},
    "a known mistake gets no name: catalogue/ascent": {"catalogue": Tally(1, silent=["catalogue/ascent"])},
    "a mistake gets a wrong name: unknown/huber": {"unknown": Tally(1, misnamed=["unknown/huber"])},
    "too many pairs get no name: pairs/a+b": {"pairs": Tally(3, silent=["pairs/a+b"])},
    "a mutant is accepted: 2 -> 3": {"survivors": ["2 -> 3"]},
    "in float64 on cpu the tolerance 1e-09 lies 5.0 times above right/plain (2.0e-10) and 1000000.0 times below "
    "wrong/ascent (1.0e-03); 10 times are due": {"measured": [replace(DOUBLE, spread=2e-10)]},
    "in float64 on cpu the tolerance 1e-09 lies 3333333.3 times above right/plain (3.0e-16) and 5.0 times below "
    "wrong/ascent (5.0e-09); 10 times are due": {"measured": [replace(DOUBLE, nearest=5e-9)]},
    "in float32 on cuda the tolerance 1e-05 lies 9.1 times above right/lerp (1.1e-06) and 30.0 times below "
    "half precision inside (3.0e-04); 10 times are due": {"measured": [replace(SINGLE, device="cuda", spread=1.1e-6)]},
    "in float64 on cpu the correct program right/plain is 2.1e-15 off, and at most 2e-15 is stated; "
    "run python -m tests.selftest --write": {"measured": [replace(DOUBLE, spread=2.1e-15)]},
    "the grader fails on wrong/x": {"broken": ["the grader fails on wrong/x"]},
}


@pytest.mark.parametrize("sentence", FAULTS)
def test_every_target_is_enforced(sentence):
    """A missed target is a sentence that names the program or the pair at fault."""
    result = Result("forward", "ps1_model_and_loss", measured=[DOUBLE, SINGLE, replace(SINGLE, device="cuda")])
    assert missed(result, STATED) == []
    for name, value in FAULTS[sentence].items():
        setattr(result, name, value)
    (said, *_) = missed(result, STATED)
    assert said == f"forward: {sentence}"


def test_a_silent_pair_among_many_is_allowed():
    """Seven pairs in ten must be named; the others may be met with silence."""
    pairs = Tally(10, silent=["pairs/a+b", "pairs/a+c", "pairs/b+c"])
    assert missed(Result("forward", "ps1_model_and_loss", pairs=pairs), STATED) == []


def test_one_exercise_measured():
    """A quick measurement of one exercise finds right programs accepted, mistakes named, mutants caught."""
    result = measure("ps1_model_and_loss", "forward", 7, QUICK)
    assert missed(result, cards.measured()) == []
    assert result.right >= 12
    assert result.wrong.named == result.wrong.tried >= 20
    assert result.mutants >= 10
    assert [one.where for one in result.measured] == ["float64 on cpu", "float32 on cpu"]
    assert all(0 < one.spread < 1e-6 and one.nearest < 1e-3 for one in result.measured)


def test_float32_has_to_tell_what_it_alone_can_show(forward, monkeypatch):
    """A mistake right in float64 counts in float32; others are left to float64, and said."""
    _, exercise, key = forward
    near = [("right/plain", {("float64", "a"): 1e-16, ("float32", "a"): 1e-7})]
    far = [
        ("wrong/weight-decay-left-on__a", {("float64", "a"): 1e-5, ("float32", "a"): 1.2e-5}),
        ("wrong/ascent", {("float64", "a"): 2.0, ("float32", "a"): 2.0}),
        ("wrong/float32-inside", {("float64", "a"): 6e-8, ("float32", "a"): 0.0}),
        ("wrong/dtype-mismatch", {("float64", "a"): float("inf")}),
    ]
    monkeypatch.setattr(spread, "half_precision", lambda *_: 3e-4)
    double, single = spreads(exercise, key, near, far, "cpu")
    assert (double.nearest, double.closest) == (6e-8, "wrong/float32-inside")
    assert single.closest == "half precision inside"
    assert (single.known, single.known_as, single.left) == (1.2e-5, "wrong/weight-decay-left-on__a", 2)
    far.append(("wrong/only-there", {("float64", "a"): 1e-16, ("float32", "a"): 1.1e-4}))
    double, single = spreads(exercise, key, near, far, "cpu")
    assert double.closest == "wrong/float32-inside"
    assert (single.nearest, single.closest) == (1.1e-4, "wrong/only-there")


def test_sums_stand_in_the_last_row():
    """The last row holds the sums of the columns."""
    results = [Result(name, "ps1_model_and_loss", right=2, mutants=3, catalogue=Tally(4)) for name in ("a", "b")]
    assert verdict_rows(results)[-1][:4] == ["all", "4", "0", "8"]
    assert verdicts(results).count("\n| all |") == 1
