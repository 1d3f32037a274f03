"""A student's notebook, run and looked at in a browser: what the check cells really show, on light and dark pages."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter

import graders
from graders.engine.verdict import ExerciseVerdict, Report, ReportLine
from graders.frontends.html import report_html

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ROOT = Path(graders.__file__).parents[1]
SLUG = "ps3_batch_descent"
WRONG = """
def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    w, b = w0, b0
    ws, bs, losses = [w.item()], [b.item()], []
    for _ in range(epochs):
        error = w * x + b - y
        losses.append((error**2).mean().item())
        w, b = w - lr * (error * x).mean(), b - lr * error.mean()
        ws.append(w.item())
        bs.append(b.item())
        print("updated", w)
    return History(ws, bs, losses)
"""
SEEN = """
const box = document.querySelector(arguments[0]);
const seen = element => getComputedStyle(element);
let page = box, background = "rgba(0, 0, 0, 0)";
while (page && background === "rgba(0, 0, 0, 0)") { background = seen(page).backgroundColor; page = page.parentElement; }
const texts = [...box.querySelectorAll("*")].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
return {
  background: background,
  colors: [...new Set(texts.map(e => seen(e).color))],
  hidden: texts.filter(e => e.getClientRects().length === 0).map(e => e.textContent),
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  image: [...box.querySelectorAll("img")].map(i => [i.naturalWidth, i.getBoundingClientRect().width]),
};
"""


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium without a network; where there is none, the tests skip, and in CI they fail."""
    chromium, driver = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    if not chromium or not driver:
        reason = "chromium and chromedriver are not installed"
        if os.environ.get("DESCENTLAB_BROWSER") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "window-size=1000,900"):
        options.add_argument(f"--{argument}")
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND")
    running = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield running
    running.quit()


@pytest.fixture(scope="session")
def notebook(tmp_path_factory):
    """The stub as students get it, one exercise written (with a factor 2 missing), run from top to bottom."""
    from nbclient import NotebookClient

    folder = tmp_path_factory.mktemp("student")
    for file in (ROOT / "assignments" / SLUG).iterdir():
        shutil.copy(file, folder)
    made = nbformat.read(folder / f"{SLUG}.ipynb", as_version=4)
    (solved,) = (cell for cell in made.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "train_batch")
    solved.source = WRONG
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
        patch.setenv("IPYTHONDIR", str(folder / ".ipython"))
        client = NotebookClient(made, timeout=120, allow_errors=True, resources={"metadata": {"path": str(folder)}})
        client.execute()
    return made


def outputs(notebook, name):
    """Return the outputs of the check cell of an exercise."""
    (cell,) = (cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == f"check_{name}")
    return cell.outputs


def contrast(one, other):
    """Return the contrast of two CSS colours as WCAG defines it."""

    def luminance(color):
        parts = [float(part) / 255 for part in color[color.index("(") + 1 : -1].split(",")[:3]]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def opened(browser, page, folder, name):
    """Show a page, and leave a picture of it in DESCENTLAB_SCREENSHOTS where someone wants to look."""
    from selenium.webdriver.common.by import By

    file = folder / f"{name}.html"
    file.write_text(page, encoding="utf-8")
    browser.get(file.as_uri())
    box = browser.find_element(By.CSS_SELECTOR, ".descentlab")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", box)
    if "DESCENTLAB_SCREENSHOTS" in os.environ:
        browser.save_screenshot(str(Path(os.environ["DESCENTLAB_SCREENSHOTS"], f"{name}.png")))
    return box


def test_each_check_is_one_display(notebook):
    """A check shows itself once, and what the function prints stays out; a stub gets a line, not a traceback."""
    for name in ("train_batch", "plot_losses"):
        (shown,) = outputs(notebook, name)
        assert shown.output_type == "display_data"
        assert "updated" not in shown.data["text/plain"]
    assert outputs(notebook, "plot_losses")[0].data["text/plain"].startswith("plot_losses · not attempted")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_wrong_loop_as_a_student_sees_it(browser, notebook, tmp_path, theme):
    """The report is readable on light and dark pages, numbers are aligned, and the picture is drawn."""
    from selenium.webdriver.common.by import By

    page, _ = HTMLExporter(theme=theme).from_notebook_node(notebook)
    box = opened(browser, page, tmp_path, f"notebook-{theme}")
    lines = box.text.splitlines()
    assert lines[0] == "train_batch · three points, lr 0.0625, 3 updates"
    assert lines[1] == "0 of 6 points"
    assert "print the gradient of w before the first update; it should be -1.94271" in lines
    heading, points = box.find_elements(By.CSS_SELECTOR, ".descentlab-heading > *")
    assert heading.rect["y"] == points.rect["y"]
    assert points.rect["x"] > heading.rect["x"] + heading.rect["width"]
    numbers = box.find_elements(By.CSS_SELECTOR, ".descentlab-numbers tr td:nth-child(2)")
    assert len({round(cell.rect["x"] + cell.rect["width"]) for cell in numbers}) == 1
    seen = browser.execute_script(SEEN, ".descentlab")
    assert seen["hidden"] == []
    assert seen["overflow"] <= 0
    assert min(contrast(color, seen["background"]) for color in seen["colors"]) > 4.5
    assert seen["image"] == [[520, 520]]
    assert (contrast(seen["background"], "rgb(255, 255, 255)") > 10) is (theme == "dark")


def test_a_feedback_page(browser, tmp_path):
    """nbgrader's feedback page drops styles and most tags; the report still reads well, and no tag shows as text."""
    report = Report(
        heading="train_batch · three points",
        agrees="the first w",
        differs="after update 1",
        rows=(ReportLine("w", "0.5", "0.75", "1e-09"), ReportLine("b", "-0.161667", "-0.073333", "1e-09")),
        says=("It is <b>half</b> of what it should be.", "One more sentence."),
        next="print the gradient of w",
        parts=(("loss", 0.0, 2.1),),
        read_again="The gradient",
    )
    verdict = ExerciseVerdict("train_batch", 0.0, 2.0, "failed", "", "", (), None, (), report)
    shown = nbformat.v4.new_output("display_data", {"text/html": report_html(verdict)})
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("check(train_batch)", outputs=[shown])])
    exporter = HTMLExporter(template_name="classic", sanitize_html=True)
    box = opened(browser, exporter.from_notebook_node(made)[0], tmp_path, "feedback")
    assert box.text.splitlines() == [
        "train_batch · three points · 0 of 2 points",
        "Agrees the first w",
        "Differs after update 1",
        "              yours       expected    allowed",
        "      w       0.5         0.75        1e-09",
        "      b      -0.161667   -0.073333    1e-09",
        "It is <b>half</b> of what it should be. One more sentence.",
        "Next print the gradient of w",
        "Read again The gradient",
        "Points loss 0 of 2.1",
    ]
    seen = browser.execute_script(SEEN, ".descentlab")
    assert seen["hidden"] == []
    assert min(contrast(color, seen["background"]) for color in seen["colors"]) > 4.5
