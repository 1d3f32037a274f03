"""Reports as HTML: the same content, escaped, and readable where a page drops every style."""

from __future__ import annotations

import base64
import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters.strings import clean_html

from graders.engine.verdict import ExerciseVerdict, Report, ReportLine
from graders.frontends.curve import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    curve_svg,
    log_ticks,
    needs_log_scale,
    straight_ticks,
    whole_ticks,
)
from graders.frontends.html import message_html, picture_words, report_html

REPORT = Report(
    heading="train_batch · three points",
    agrees="starting parameters",
    differs="after update 1",
    rows=(
        ReportLine("w", "0.741667", "0.983333", "1e-09"),
        ReportLine("b", "-0.161667", "-0.073333", "1e-09"),
    ),
    says=("Every change is half of what it should be.", "This happens when the 2 is left out."),
    next="print the gradient of w",
    parts=(("parameters", 0.0, 1.5),),
    read_again="The gradient",
    curve=((21.5625, 18.0, 15.0), (21.5625, 4.0, 0.25)),
)
WRONG = ExerciseVerdict("train_batch", 0.0, 2.0, "failed", "", "", (), None, (), REPORT)
YOURS, EXPECTED = "#b3261e", "#9e9e9e"
FEEDBACK_TAGS = {"div", "span", "strong", "pre"}


class Reader(HTMLParser):
    """Collects tags, attributes and text, and checks that tags are closed in order."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text, self.open = [], [], "", []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data


def test_the_plain_form():
    """The form for feedback pages: labels, numbers in one block, nothing that needs a style."""
    assert report_html(WRONG) == (
        '<div class="descentlab descentlab-failed">\n'
        '<div class="descentlab-heading"><span><strong>train_batch</strong> · three points</span> · '
        '<strong class="descentlab-points">0 of 2 points</strong></div>\n'
        '<div class="descentlab-line"><strong class="descentlab-label">Agrees</strong> '
        "<span>starting parameters</span></div>\n"
        '<div class="descentlab-line"><strong class="descentlab-label">Differs</strong> '
        "<span>after update 1</span></div>\n"
        "<pre>              yours       expected    allowed\n"
        "      w       0.741667    0.983333    1e-09\n"
        "      b      -0.161667   -0.073333    1e-09</pre>\n"
        '<div class="descentlab-says">Every change is half of what it should be. '
        "This happens when the 2 is left out.</div>\n"
        '<div class="descentlab-line"><strong class="descentlab-label">Next</strong> '
        "<span>print the gradient of w</span></div>\n"
        '<div class="descentlab-line"><strong class="descentlab-label">Read again</strong> '
        "<span>The gradient</span></div>\n"
        '<div class="descentlab-line"><strong class="descentlab-label">Points</strong> '
        "<span>parameters 0 of 1.5</span></div>\n"
        '<div class="descentlab-line"><strong class="descentlab-label">Picture</strong> '
        "<span>Your loss goes from 21.5625 to 15 in 3 entries; "
        "the expected loss goes from 21.5625 to 0.25 in 3 entries.</span></div>\n"
        "</div>"
    )


@pytest.mark.parametrize("rich", [False, True])
def test_how_far_off_stands_below_the_numbers(rich):
    """The size of the difference is a paragraph of its own, between the numbers and what is said of them."""
    page = report_html(replace(WRONG, report=replace(REPORT, off="You are 0.07 off.")), rich=rich)
    numbers, sentence, fact = (page.index(text) for text in ("-0.073333", "You are 0.07 off.", "Every change"))
    assert numbers < sentence < fact
    assert '<div class="descentlab-says">You are 0.07 off.</div>' in page


def test_feedback_pages_change_nothing():
    """nbconvert's sanitizer leaves the plain form as it is, so no tag ever shows as text."""
    page = report_html(WRONG)
    assert clean_html(page) == page
    assert set(Reader(page).tags) <= FEEDBACK_TAGS


def test_the_notebook_form():
    """A notebook gets a real table with named rows and columns, a style, and the picture with words for it."""
    page = report_html(WRONG, picture="<svg/>", rich=True)
    reader = Reader(page)
    assert page.startswith("<style>")
    assert '<tr><th scope="row">b</th><td>-0.161667</td><td>-0.073333</td><td>1e-09</td></tr>' in page
    assert ("src", "data:image/svg+xml;base64," + base64.b64encode(b"<svg/>").decode()) in reader.attributes
    assert (
        "alt",
        "Your loss goes from 21.5625 to 15 in 3 entries; the expected loss goes from 21.5625 to 0.25 in 3 entries.",
    ) in reader.attributes
    assert "style" not in dict(reader.attributes)


def test_colours_are_the_pages_own():
    """The style block sets no text colour, so the report reads on light and dark pages alike."""
    style = report_html(WRONG, rich=True).split("</style>")[0]
    assert set(re.findall(r"(?<![-\w])color: ([^;]+);", style)) == {"inherit"}
    assert set(re.findall(r"background: ([^;]+);", style)) == {"transparent", "white"}
    assert ".descentlab img { display: block; background: white" in style


@pytest.mark.parametrize("rich", [False, True])
def test_every_text_is_escaped(rich):
    """A student's markup and control characters are shown, never run."""
    bad = '<script>alert("1")</script><img src=x onerror=y>&\x1b\u202e'
    report = Report(
        heading=bad + " · " + bad,
        agrees=bad,
        differs=bad,
        rows=(ReportLine(bad, bad, bad, bad),),
        off=bad,
        says=(bad, bad + "\n" + bad),
        next=bad,
        parts=((bad, 0.0, 1.0),),
        read_again=bad,
    )
    reader = Reader(report_html(replace(WRONG, report=report), rich=rich))
    assert not {"script", "img"} & set(reader.tags)
    assert reader.text.count('<script>alert("1")</script>') == 15
    assert "\x1b" not in reader.text
    assert "\u202e" not in reader.text


def test_a_passed_exercise_is_its_heading():
    """A right answer is one line, and its picture where there is one."""
    right = replace(WRONG, status="passed", score=2.0, report=replace(REPORT, heading="train_batch · all cases agree"))
    assert Reader(report_html(right)).text.split("\n") == [
        "",
        "train_batch · all cases agree · 2 of 2 points",
        "",
    ]
    assert "<img" in report_html(right, picture="<svg/>")


def test_a_message():
    """A message that is no verdict stands in the same frame, escaped."""
    assert message_html("no <key>") == (
        '<div class="descentlab descentlab-message">\n<div class="descentlab-says">no &lt;key&gt;</div>\n</div>'
    )


def test_a_picture_of_nothing_has_words_too():
    """The alternative text never fails on an empty or missing curve."""
    assert picture_words(Report("a", curve=((), (1.0,)))).startswith("Your loss has no entries;")
    assert picture_words(Report("a")) == "Your loss against the expected loss."


SVG = "{http://www.w3.org/2000/svg}"


def drawn(curve):
    """The picture of a curve, as a tree of elements."""
    return ET.fromstring(curve_svg(Report("a", curve=curve)))


def points(tree, color):
    """The points of every line of one colour."""
    lines = [line.get("points").split() for line in tree.iter(f"{SVG}polyline") if line.get("stroke") == color]
    return [[tuple(float(number) for number in point.split(",")) for point in line] for line in lines]


def test_the_curve():
    """Both lines run through their values: same start, then yours above the expected one, on a logarithmic axis."""
    tree = drawn(REPORT.curve)
    (yours,), (expected,) = points(tree, YOURS), points(tree, EXPECTED)
    assert yours[0] == expected[0]
    assert [x for x, _ in yours] == [x for x, _ in expected]
    steps = [later[0] - earlier[0] for earlier, later in pairwise(yours)]
    assert steps[0] == pytest.approx(steps[1], abs=0.02)
    assert all(above < below for (_, above), (_, below) in zip(yours[1:], expected[1:], strict=True))
    fall = (expected[1][1] - expected[0][1]) / (expected[2][1] - expected[1][1])
    assert fall == pytest.approx(math.log(21.5625 / 4) / math.log(4 / 0.25), rel=1e-2)
    texts = [text.text for text in tree.iter(f"{SVG}text")]
    assert {"loss", "entry of the loss", "yours", "expected", "0", "1", "2", "0.1", "100"} == set(texts) - {"10"}
    assert len(list(tree.iter(f"{SVG}circle"))) == 6


def test_a_value_that_cannot_be_drawn_is_a_gap():
    """A line stops before NaN or an overflow and goes on behind it; nothing of it reaches the picture."""
    tree = drawn(((1.0, math.nan, 2.0, 3.0, math.inf), (1.0, 1.0, 1.0, 1.0, 1.0)))
    assert [len(line) for line in points(tree, YOURS)] == [1, 2]
    assert "nan" not in curve_svg(Report("a", curve=((math.nan, 1.0), (2.0, 1.0))))


@pytest.mark.parametrize(
    "curve",
    [
        ((1.0,), (1.0,)),
        ((0.0, 0.0), (0.0, 0.0)),
        ((), (3.0, 2.0)),
        ((math.nan, math.inf, 1e308), (3.0, 2.0, 1.0)),
        ((-1.0, 5.0, -1e200), (3.0, 2.0, 1.0)),
        ((5e-324, 1e249), (1e-300, 1e200)),
        (tuple(float(i) for i in range(5000)), (1.0,)),
    ],
    ids=["one", "zeros", "empty", "not-finite", "negative", "extreme", "long"],
)
def test_any_curve_can_be_drawn(curve):
    """Whatever numbers came back, the picture is drawn, and everything in it lies inside its frame."""
    tree = drawn(curve)
    for line in [*points(tree, YOURS), *points(tree, EXPECTED)]:
        assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in line)
    for text in tree.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x")) <= WIDTH
        assert 0 <= float(text.get("y")) <= HEIGHT


def test_no_curve_without_numbers():
    """Nothing is drawn where nothing is known."""
    assert curve_svg(Report("a")) is None
    assert curve_svg(Report("a", curve=((math.nan,), ()))) is None


@settings(max_examples=200, deadline=None)
@given(low=st.floats(-1e249, 1e249), high=st.floats(-1e249, 1e249))
def test_ticks_enclose_the_values(low, high):
    """The numbers beside a straight axis are few, rise, and reach from below the values to above them."""
    low, high = min(low, high), max(low, high)
    ticks = straight_ticks(low, high)
    assert 2 <= len(ticks) <= 8
    assert all(one < other for one, other in pairwise(ticks))
    room = 1e-6 * max(abs(low), abs(high), 1e-280)
    assert ticks[0] <= low + room
    assert ticks[-1] >= high - room


def test_the_scale_follows_the_numbers():
    """Values that span much are drawn on a logarithmic axis, others on a straight one."""
    assert needs_log_scale([0.25, 21.5])
    assert not needs_log_scale([1.0, 3.0])
    assert not needs_log_scale([0.0, 100.0])


def test_ticks():
    """Ticks are few, round, and reach beyond the values."""
    assert whole_ticks(3) == [0, 1, 2, 3]
    assert whole_ticks(0) == [0]
    assert whole_ticks(100) == [0, 20, 40, 60, 80, 100]
    assert log_ticks(0.25, 21.5625) == [0.1, 1.0, 10.0, 100.0]
    assert len(log_ticks(1e-300, 1e300)) <= 8
    assert straight_ticks(0.0, 10.0) == [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    assert straight_ticks(3.0, 3.0)[0] < 3.0 < straight_ticks(3.0, 3.0)[-1]
