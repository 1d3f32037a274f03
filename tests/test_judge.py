"""The judge: every kind of answer gets its status, its sentence, and costs only its own points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from graders import cards
from graders.engine.judge import judge_exercise
from graders.engine.observation import Frame, Observation, Question, Raised
from graders.engine.worker.answer import answer
from graders.frontends.text import report_text
from graders.keys import all_keys, reference

SLUG, NAME = "ps3_batch_descent", "train_batch"
CARD = cards.load(SLUG)
KEY = all_keys(SLUG, 7)[NAME]
REFERENCE = reference(SLUG)
LINE = Frame(cell="3", line=12, source="    loss.backward()", function="train_batch")


def judged(change, feedback="numbers", hints=None):
    """The verdict when change(question, right answer) is answered to every question."""

    def ask(question, seconds):
        right = answer(REFERENCE, question)
        if question.probe == "signature":
            return right if hints is None else hints
        return change(question, right)

    return judge_exercise(CARD, CARD.exercise(NAME), KEY, ask, feedback=feedback)


def with_values(right, **values):
    return Observation("returned", values={**right.values, **values}, after=right.after)


def test_right_answers_pass():
    """Everything right: full points, no diagnosis, no difference."""
    verdict = judged(lambda question, right: right)
    assert (verdict.status, verdict.score, verdict.diagnosis, verdict.first_difference) == ("passed", 6.0, (), None)
    assert all(case.passed and case.deviation <= case.allowed for case in verdict.cases)
    assert {case.dtype for case in verdict.cases} == {"float64", "float32"}


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [
        ("timed-out", "timed-out", "does not come back within 10 seconds"),
        ("died", "raised", "The process ends while train_batch runs"),
        ("unreadable", "failed", "too large or cannot be read"),
    ],
)
def test_outcomes_have_a_status_and_a_sentence(outcome, status, words):
    """No answer at all is said plainly and earns nothing."""
    verdict = judged(lambda question, right: Observation(outcome))
    assert (verdict.status, verdict.score) == (status, 0.0)
    assert words in verdict.fact


def test_a_raised_error_names_type_message_and_line():
    """The exception is quoted with the student's own line."""
    error = Raised("ValueError", "too many cooks", (LINE,))
    verdict = judged(lambda question, right: Observation("raised", error=error))
    assert verdict.status == "raised"
    assert "ValueError: too many cooks" in verdict.fact
    assert "line 12 of cell 3, `loss.backward()`" in verdict.fact


def test_the_message_of_a_hidden_error_is_not_shown_to_a_student():
    """An exception could carry the hidden input: the report leaves its text out."""
    public = {id(case.case.arguments) for case in KEY.cases if not case.hidden}
    error = Raised("ValueError", "x is [1.2345]", (LINE,))
    verdict = judged(
        lambda question, right: right if id(question.arguments) in public else Observation("raised", error=error)
    )
    shown = " ".join([verdict.report.heading, *verdict.report.says])
    assert "ValueError" in shown
    assert "1.2345" not in shown
    assert "a hidden case" in shown


def test_a_missing_function_says_which():
    """No function of that name: not attempted, with the signature to write."""
    verdict = judged(lambda question, right: Observation("missing"))
    assert (verdict.status, verdict.score) == ("not-attempted", 0.0)
    assert verdict.fact == "There is no function called train_batch."
    assert "train_batch(x: Tensor" in verdict.report.next


def test_a_cell_that_does_not_run_is_raised():
    """A syntax error in the function's cell is quoted."""
    error = Raised("SyntaxError", "expected ':'", (LINE,))
    verdict = judged(lambda question, right: Observation("missing", error=error))
    assert verdict.status == "raised"
    assert "SyntaxError: expected ':'" in verdict.fact


def test_none_is_named():
    """A function that returns None is told so, and gets the id."""
    faults = (("returns-none", "train_batch returns None"),)
    verdict = judged(lambda question, right: Observation("returned", faults=faults))
    assert (verdict.score, verdict.diagnosis) == (0.0, ("returns-none",))
    assert verdict.report.differs == ""
    assert verdict.fact


def test_a_constant_offset_of_one_number_is_found_and_placed():
    """The first difference carries case, quantity, step and both numbers."""

    def change(question, right):
        w = right.values["w"].copy()
        w[2:] += 0.5
        return with_values(right, w=w)

    verdict = judged(change)
    difference = verdict.first_difference
    assert (difference.case, difference.quantity, difference.step) == ("three_points", "w", 2)
    assert difference.yours - difference.expected == pytest.approx(0.5)
    assert verdict.diagnosis == ()
    assert "after update 2" in verdict.fact


def test_wrong_lengths_are_said_with_both_numbers():
    """A history that lacks its start."""
    verdict = judged(lambda question, right: with_values(right, loss=right.values["loss"][:-1]))
    assert "entries, expected" in verdict.fact


def test_nan_is_never_right():
    """NaN in one entry costs that case."""
    verdict = judged(lambda question, right: with_values(right, w=right.values["w"] * np.nan))
    assert verdict.score < 3
    assert verdict.status == "failed"


def test_changed_arguments_cost_points_and_have_a_name():
    """All numbers right, w0 changed: the id, and the argument by name."""

    def change(question, right):
        after = {**right.after, "w0": np.asarray(right.after["w0"]) + 1}
        return Observation("returned", values=right.values, after=after)

    verdict = judged(change)
    assert verdict.diagnosis == ("arguments-modified",)
    assert 0 < verdict.score < 6
    assert "argument w0" in verdict.fact


def test_float32_inside_has_its_own_name():
    """Off by rounding of float32 in float64, right in float32."""

    def change(question, right):
        if question.dtype == "float32":
            return right
        values = {name: np.float64(np.float32(value)) for name, value in right.values.items()}
        return Observation("returned", values=values, after=right.after)

    verdict = judged(change)
    assert verdict.diagnosis == ("float32-inside",)
    assert verdict.score < 6


def test_wrong_in_float32_only_costs_points():
    """A program that fails where the dtype changes is not right."""

    def change(question, right):
        return right if question.dtype == "float64" else Observation("raised", error=Raised("RuntimeError", "dtype"))

    verdict = judged(change)
    assert 0 < verdict.score < 6
    assert verdict.status == "raised"


def test_missing_hints_cost_a_tenth_and_are_named():
    """A right program without hints."""
    bare = answer({NAME: lambda x, y, w0, b0, lr, epochs: None}, Question(NAME, "signature", {}))
    verdict = judged(lambda question, right: right, hints=bare)
    assert verdict.score == pytest.approx(5.4)
    assert verdict.diagnosis == ("type-hints-missing",)


def test_hidden_numbers_are_never_in_a_report():
    """A program that is wrong on hidden cases only: no number of theirs reaches the student."""
    public = {id(case.case.arguments) for case in KEY.cases if not case.hidden}

    def change(question, right):
        return right if id(question.arguments) in public else with_values(right, w=right.values["w"] + 0.123456)

    report = judged(change).report
    assert report.rows == ()
    assert report.curve is None
    assert report.next == ""
    assert "a hidden case" in report.heading


SECRET = "0.4142135"


@pytest.mark.parametrize(
    "changes",
    [
        {"faults": (("", f"train_batch returns entries nobody asked for: {SECRET}."),)},
        {"faults": (("wrong-shape", f"train_batch returns a Secret{SECRET}."),)},
        {
            "outcome": "raised",
            "error": Raised(f"E{SECRET}", SECRET, (Frame("1", 3, f"raise {SECRET}", "train_batch"),)),
            "values": {},
        },
        {"outcome": "timed-out", "text": SECRET, "values": {}},
    ],
    ids=["fault", "named", "raised", "late"],
)
@pytest.mark.parametrize("feedback", ["symptom", "hint", "numbers"])
def test_nothing_a_program_makes_of_a_hidden_case_is_in_a_report(changes, feedback):
    """Sentences, exceptions, source lines and texts could carry an input: the student sees what kind of thing is wrong."""
    public = {id(case.case.arguments) for case in KEY.cases if not case.hidden}
    verdict = judged(
        lambda question, right: right if id(question.arguments) in public else replace(right, **changes),
        feedback=feedback,
    )
    assert verdict.score < verdict.points
    assert SECRET not in report_text(verdict)
    assert verdict.report.says


@pytest.mark.parametrize(("feedback", "rows", "hint"), [("symptom", 0, False), ("hint", 0, True), ("numbers", 2, True)])
def test_feedback_levels(feedback, rows, hint):
    """Symptom only; symptom and hint; numbers as well."""
    half = next(mistake for mistake in KEY.mistakes if mistake.id == "factor-two-missing")
    places = {id(case.case.arguments): place for place, case in enumerate(KEY.cases)}

    def change(question, right):
        return Observation("returned", values=half.answers[places[id(question.arguments)]], after=right.after)

    verdict = judged(change, feedback=feedback)
    assert verdict.diagnosis == ("factor-two-missing",)
    assert len(verdict.report.rows) == rows
    assert (CARD.texts["factor-two-missing"].hint in verdict.report.says) is hint
    assert verdict.hint == CARD.texts["factor-two-missing"].hint


def test_one_wrong_case_leaves_the_others():
    """Wrong on one hidden case: most points stay."""
    last = id(KEY.cases[-1].case.arguments)

    def change(question, right):
        return right if id(question.arguments) != last else with_values(right, w=right.values["w"] + 1)

    verdict = judged(change)
    assert 4.5 < verdict.score < 6
    assert next(case.name for case in verdict.cases if not case.passed) == KEY.cases[-1].case.name
