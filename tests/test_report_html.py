"""Reports as HTML: the same content, escaped, and readable where a page drops every style."""

from __future__ import annotations

import base64
import io
import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import matplotlib as mpl
import matplotlib.image
import pytest
from nbconvert.filters.strings import clean_html

from graders.engine.verdict import ExerciseVerdict, Report, ReportLine
from graders.frontends.curve import curve_png, log_ticks, needs_log_scale, straight_ticks, whole_ticks
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
        "</div>"
    )


def test_feedback_pages_change_nothing():
    """nbconvert's sanitizer leaves the plain form as it is, so no tag ever shows as text."""
    page = report_html(WRONG)
    assert clean_html(page) == page
    assert set(Reader(page).tags) <= FEEDBACK_TAGS


def test_the_notebook_form():
    """A notebook gets a real table with named rows and columns, a style, and the picture with words for it."""
    page = report_html(WRONG, picture=b"\x89PNG", rich=True)
    reader = Reader(page)
    assert page.startswith("<style>")
    assert '<tr><th scope="row">b</th><td>-0.161667</td><td>-0.073333</td><td>1e-09</td></tr>' in page
    assert ("src", "data:image/png;base64," + base64.b64encode(b"\x89PNG").decode()) in reader.attributes
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
        says=(bad, bad + "\n" + bad),
        next=bad,
        parts=((bad, 0.0, 1.0),),
        read_again=bad,
    )
    reader = Reader(report_html(replace(WRONG, report=report), rich=rich))
    assert not {"script", "img"} & set(reader.tags)
    assert reader.text.count('<script>alert("1")</script>') == 14
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
    assert "<img" in report_html(right, picture=b"x")


def test_a_message():
    """A message that is no verdict stands in the same frame, escaped."""
    assert message_html("no <key>") == (
        '<div class="descentlab descentlab-message">\n<div class="descentlab-says">no &lt;key&gt;</div>\n</div>'
    )


def test_a_picture_of_nothing_has_words_too():
    """The alternative text never fails on an empty or missing curve."""
    assert picture_words(Report("a", curve=((), (1.0,)))).startswith("Your loss has no entries;")
    assert picture_words(Report("a")) == "Your loss against the expected loss."


def pixels(png):
    return mpl.image.imread(io.BytesIO(png), format="png")


def test_the_curve():
    """The picture is a PNG on white, of one size, the same for the same report."""
    png = curve_png(REPORT)
    image = pixels(png)
    assert image.shape[:2] == (364, 728)
    assert (image[0, 0] == 1).all()
    assert curve_png(REPORT) == png
    assert curve_png(replace(REPORT, curve=(REPORT.curve[1], REPORT.curve[1]))) != png


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
    """Whatever numbers came back, the picture is drawn without a warning."""
    assert pixels(curve_png(Report("a", curve=curve))).shape == (364, 728, 4)


def test_no_curve_without_numbers():
    """Nothing is drawn where nothing is known."""
    assert curve_png(Report("a")) is None
    assert curve_png(Report("a", curve=((math.nan,), ()))) is None


def test_the_students_settings_are_left_alone():
    """A dark style of the student's own changes nothing, and is there afterwards; no figure is left open."""
    from matplotlib import pyplot as plt

    before_it = plt.get_fignums()
    clean = curve_png(REPORT)
    with plt.style.context("dark_background"):
        before = dict(mpl.rcParams)
        assert curve_png(REPORT) == clean
        assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == before_it


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
