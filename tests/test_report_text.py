"""Reports as plain text: the exact form of STYLE's sample, and safe in a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graders.engine.verdict import ExerciseVerdict, Report, ReportLine, SubmissionVerdict
from graders.frontends.text import (
    labelled,
    number,
    out_of,
    paragraph,
    parts_text,
    points_text,
    report_text,
    submission_text,
    table_lines,
    visible,
)

REPORT = Report(
    heading="train_batch · three points, lr 0.02, 3 updates",
    agrees="starting parameters; loss before update 1 (21.5625)",
    differs="after update 1",
    rows=(
        ReportLine("w", "0.741667", "0.983333", "1e-09"),
        ReportLine("b", "-0.161667", "-0.073333", "1e-09"),
    ),
    says=(
        "Every change is half of what it should be.",
        "This is what happens when the 2 is left out of d(error²)/dw = 2 · error · x.",
    ),
    next="print the gradient of w before the first update; it should be -24.1667",
)
WRONG = ExerciseVerdict(
    name="train_batch",
    score=0.0,
    points=2.0,
    status="failed",
    fact="Every change is half of what it should be.",
    hint="This is what happens when the 2 is left out of d(error²)/dw = 2 · error · x.",
    diagnosis=("factor-two-missing",),
    first_difference=None,
    cases=(),
    report=REPORT,
)
RIGHT = replace(
    WRONG,
    score=2.0,
    status="passed",
    fact="",
    hint="",
    diagnosis=(),
    report=Report("train_batch · all 5 cases agree", parts=(("parameters", 2.0, 2.0),)),
)


def test_the_sample():
    """A wrong exercise is worded exactly like the sample in the style guide."""
    assert report_text(WRONG) == (
        "train_batch · three points, lr 0.02, 3 updates                           0 of 2 points\n"
        "\n"
        "  Agrees      starting parameters; loss before update 1 (21.5625)\n"
        "  Differs     after update 1\n"
        "\n"
        "              yours       expected    allowed\n"
        "      w       0.741667    0.983333    1e-09\n"
        "      b      -0.161667   -0.073333    1e-09\n"
        "\n"
        "  Every change is half of what it should be. This is what happens when the 2 is left out of\n"
        "  d(error²)/dw = 2 · error · x.\n"
        "  Next        print the gradient of w before the first update; it should be -24.1667"
    )


def test_everything_a_report_can_say():
    """The section to read again and the parts of the points come last."""
    report = replace(REPORT, read_again="The gradient", parts=(("parameters", 3.0, 3.0), ("loss", 0.0, 2.1)))
    assert report_text(replace(WRONG, report=report, score=3.0, points=5.1)).splitlines()[-3:] == [
        "  Next        print the gradient of w before the first update; it should be -24.1667",
        "  Read again  The gradient",
        "  Points      parameters 3 of 3, loss 0 of 2.1",
    ]


def test_how_far_off_stands_below_the_numbers():
    """The size of the difference is the first sentence, on a line of its own."""
    report = replace(REPORT, off="At the first difference you are 0.07 off; correct programs differ by at most 2e-14.")
    assert report_text(replace(WRONG, report=report)).splitlines()[-6:-2] == [
        "      b      -0.161667   -0.073333    1e-09",
        "",
        "  At the first difference you are 0.07 off; correct programs differ by at most 2e-14.",
        "  Every change is half of what it should be. This is what happens when the 2 is left out of",
    ]


def test_a_report_without_numbers():
    """What is empty leaves no blank lines behind."""
    report = Report("mse", says=("Your mse returns None.",))
    assert report_text(replace(WRONG, name="mse", status="raised", report=report)) == (
        "mse" + " " * 70 + "0 of 2 points\n\n  Your mse returns None."
    )


def test_a_passed_exercise_is_one_calm_line():
    """Nothing but the heading and the points is said of a right answer."""
    assert report_text(RIGHT) == "train_batch · all 5 cases agree" + " " * 42 + "2 of 2 points"


def test_no_line_is_longer_than_asked():
    """Every text wraps, words of any length included, at 100 columns or at the width asked for."""
    report = Report(
        heading="train_batch · " + "a long case " * 12,
        agrees="one thing; " * 20,
        differs="x" * 250,
        off="far " * 60,
        says=("word " * 60,),
        next="print something; " * 12,
        read_again="A heading " * 15,
        parts=tuple((f"aspect {i}", 0.0, 1.0) for i in range(12)),
    )
    for width in (100, 80):
        text = report_text(replace(WRONG, report=report), width=width)
        assert max(map(len, text.splitlines())) <= width
        assert text.split("\n\n")[0].endswith("  0 of 2 points")


def test_further_lines_stand_below_the_text():
    """A label's second line is indented to its text."""
    assert labelled("Differs", "one two three", 22) == [
        "  Differs     one two",
        "              three",
    ]


def test_sentences_with_lines_of_their_own_keep_them():
    """A line of code in a message is not flowed into the paragraph around it."""
    says = ["It raises.", "cell 3, line 2, in train_batch\n    w -= lr * g", "Then it stops."]
    assert paragraph(says, 100) == [
        "  It raises.",
        "  cell 3, line 2, in train_batch",
        "      w -= lr * g",
        "  Then it stops.",
    ]


def test_wide_cells_move_the_columns_together():
    """A long number or name widens its column for every row."""
    rows = [
        ReportLine("b before the first update", "-1.23457e+300", "nan", "1e-09"),
        ReportLine("w", "inf", "-0.5", "1e-09"),
    ]
    assert table_lines(rows) == [
        "                                 yours          expected    allowed",
        "      b before the first update -1.23457e+300   nan         1e-09",
        "      w                          inf           -0.5         1e-09",
    ]


@pytest.mark.parametrize(
    ("score", "points", "text"),
    [
        (0.0, 1.0, "0 of 1 point"),
        (2.1, 6.0, "2.1 of 6 points"),
        (0.1 + 0.2, 3.0, "0.3 of 3 points"),
        (1 / 3, 8.0, "0.333333 of 8 points"),
    ],
)
def test_points_in_words(score, points, text):
    """Points have six significant digits at most and agree with their noun."""
    assert out_of(score, points) == text


@pytest.mark.parametrize(
    ("status", "text"),
    [("skipped", "skipped"), ("grader-error", "not graded"), ("not-attempted", "0 of 2 points")],
)
def test_what_was_not_graded_has_no_points(status, text):
    """A failure of the grader is not shown as zero points."""
    assert points_text(replace(WRONG, status=status)) == text


def test_six_significant_digits():
    """Numbers are short and never longer than six digits."""
    assert [number(x) for x in (1.0, 0.74166666, -24.16666, 1e13, 1e-9)] == [
        "1",
        "0.741667",
        "-24.1667",
        "1e+13",
        "1e-09",
    ]
    assert parts_text((("loss", 0.7000000001, 2.1),)) == "loss 0.7 of 2.1"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain words, 2 · error², größer, 損失", "plain words, 2 · error², größer, 損失"),
        ("\x1b[2J\x1b]0;owned\x07", "\\x1b[2J\\x1b]0;owned\\x07"),
        ("evil\u202eexe.\u2066x", "evil\\u202eexe.\\u2066x"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("lone \udc80", "lone \\udc80"),
        ("back\rspace\x08", "back\\rspace\\x08"),
        ("\x9b31m\u2028", "\\x9b31m\\u2028"),
        ("tab\tto\u00a0line\nbreak", "tab to\u00a0line\nbreak"),
    ],
)
def test_nothing_acts_on_the_terminal(text, safe):
    """Control characters, bidi marks and surrogates of a student's text are spelled out."""
    assert visible(text) == safe
    assert visible(text).encode("utf-8")


def test_every_text_of_a_report_is_made_safe():
    """No field of a report reaches the terminal as it is."""
    bad = "\x1b[31m\u202e"
    report = Report(
        heading=bad,
        agrees=bad,
        differs=bad,
        rows=(ReportLine(bad, bad, bad, bad),),
        off=bad,
        says=(bad, bad + "\n"),
        next=bad,
        parts=((bad, 0.0, 1.0),),
        read_again=bad,
    )
    record = SubmissionVerdict(bad, bad, bad, "unreadable", 0, 2, 0.1, (replace(WRONG, report=report),), bad)
    text = submission_text(record)
    assert text.count("\\x1b[31m") == 16
    assert text.replace("\n", "").isprintable()


def test_a_submission():
    """A submission has a heading of its own; passed exercises stand together, reports have air around them."""
    record = SubmissionVerdict(
        "ada", "ps3_batch_descent", "/home/x/ada.ipynb", "graded", 4.0, 6.0, 0.2, (RIGHT, RIGHT, WRONG, RIGHT)
    )
    line = report_text(RIGHT)
    assert submission_text(record) == "\n\n".join(
        [
            "ada · ps3_batch_descent" + " " * 50 + "4 of 6 points",
            line + "\n" + line,
            report_text(WRONG),
            line,
        ]
    )


def test_an_unreadable_submission():
    """What cannot be read says why, and has no points."""
    record = SubmissionVerdict(
        "ada", "ps3_batch_descent", "a", "unreadable", 0, 8, 0, (), "ada.ipynb is not a notebook; export it again."
    )
    assert submission_text(record) == (
        "ada · ps3_batch_descent" + " " * 53 + "not graded\n\n  ada.ipynb is not a notebook; export it again."
    )


def test_a_failure_of_the_grader():
    """Our own failure says so."""
    record = SubmissionVerdict("ada", "", "a", "grader-error", 0, 8, 0, (), "The disk is full.")
    assert submission_text(record).endswith("not graded\n\n  The grader failed, not you. The disk is full.")
    told = replace(record, message="The grader failed, not you (the disk is full).")
    assert submission_text(told).endswith("not graded\n\n  The grader failed, not you (the disk is full).")
