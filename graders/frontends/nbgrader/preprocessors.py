"""The steps put into nbgrader's own chains: repair, grade, save; the gate; the style of a feedback page."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool, Enum

from graders.frontends.html import STYLE
from graders.frontends.nbgrader import course
from graders.frontends.nbgrader.comments import comment_for, other_assignment
from graders.frontends.nbgrader.grading import Graded, content, grade_notebook
from graders.frontends.nbgrader.nodes import stream_node
from graders.frontends.nbgrader.outputs import check_outputs, message_outputs
from graders.frontends.nbgrader.record import CHECK
from graders.frontends.nbgrader.repair import RESTORED, repair
from graders.frontends.nbgrader.submitted import MARK
from graders.frontends.nbgrader.worker import WORKSHOP

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from graders.engine.verdict import ExerciseVerdict

    Step = tuple[NotebookNode, dict[str, Any]]

VERDICTS = "descentlab_verdicts"  # in the resources, from grading to saving
PAGE = """
.descentlab .descentlab-heading { justify-content: flex-start; gap: 0.4em; } /* a dot parts the two */
.output_png img, .output_svg img { max-width: 100%; height: auto; } /* wide pictures stay inside the page */
.rendered_html table { margin: 0.5em 0 1em; }
.rendered_html th, .rendered_html td { padding: 0.1em 1.25em 0.1em 0; vertical-align: top; }
"""
MISSING = "The judge gave no verdict on this exercise."


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Rebuild the notebook from the instructor's record and the student's texts."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Step:
        """Return the repaired notebook; nothing of the submitted metadata is left in it."""
        assert WORKSHOP.ahead is not None  # the command begins with reading the record
        return repair(nb, WORKSHOP.ahead.record), resources


class GradeNotebook(NbGraderPreprocessor):  # type: ignore[misc]
    """Grade a repaired notebook; stands where nbgrader's ``Execute`` was."""

    trust_submissions = Bool(
        False,
        help="Run submissions on a machine that cannot lock them in: they may read and write the instructor's files.",
    ).tag(config=True)
    feedback = Enum(
        ("symptom", "hint", "numbers"),
        "numbers",
        help="How much a report says. Numbers are shown of public cases only, whatever stands here.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Step:
        """Write the outputs of every cell and hand the verdicts on to the step that saves them."""
        graded = self.graded(nb, resources["nbgrader"]["assignment"])
        verdicts = {verdict.name: verdict for verdict in graded.verdicts}
        message = nb.metadata.get(MARK, {}).get("unreadable", "")
        number = 0
        for index, cell in enumerate(nb.cells):
            if cell.cell_type != "code":
                continue
            number += 1
            cell.execution_count = number
            name = _check_name(cell)
            if not name:
                cell.outputs = graded.outputs.get(index, [])
            elif message or name not in verdicts:
                cell.outputs = message_outputs(message or MISSING, number)
            else:
                cell.outputs = check_outputs(verdicts[name], cell.metadata.nbgrader["points"], number)
            if cell.metadata.get(MARK, {}).get("restored") and not message:
                cell.outputs.insert(0, stream_node(RESTORED + "\n"))
        resources[VERDICTS] = verdicts
        nb.metadata.setdefault(MARK, {})["isolation"] = WORKSHOP.isolation
        if all(verdict.status == "not-attempted" for verdict in graded.verdicts):
            sources = (cell.source for cell in nb.cells if not cell.metadata.get(MARK, {}).get("restored"))
            nb.metadata[MARK]["note"] = other_assignment(sources, resources["nbgrader"]["assignment"])
        return nb, resources

    def graded(self, nb: NotebookNode, slug: str) -> Graded:
        """Grade the notebook, unless that was done ahead; a worker that died is replaced once."""
        known = WORKSHOP.ahead.result(content(nb)) if WORKSHOP.ahead is not None else None
        if known is not None:
            return known
        card = course.card_of(slug)
        keys = course.keys_of(slug, course.seed_of(course_root(self)))
        shown = partial(WORKSHOP.demonstrations, card)
        for last in (False, True):
            worker = WORKSHOP.zygote(trust=self.trust_submissions)
            try:
                return grade_notebook(nb, card, keys, worker, feedback=self.feedback, demonstrations=shown)
            except Exception as error:
                WORKSHOP.close()
                if last:
                    raise
                self.log.warning("The worker is started anew after %s: %s", type(error).__name__, error)
        raise AssertionError


class SaveVerdicts(SaveAutoGrades):  # type: ignore[misc]
    """Save the scores as nbgrader does, and beside them the diagnosis; mark what a person has to look at."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Step:
        """Refuse to save what was not graded: a check cell without our number would be full points."""
        if VERDICTS not in resources:
            raise course.CourseError("This notebook was not graded by descentlab, so no score is saved.")
        mark = nb.metadata.get(MARK, {})
        self.unreadable, self.note = mark.get("unreadable", ""), mark.get("note", "")
        place = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = place["notebook"], place["assignment"], place["student"]
        with Gradebook(place["db_url"]) as self.gradebook:
            commit = self.gradebook.db.commit
            self.gradebook.db.commit = self.gradebook.db.flush  # all scores of a submission are saved, or none
            for index, cell in enumerate(nb.cells):
                self.preprocess_cell(cell, resources, index)
            commit()
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._add_score(cell, resources)
        name = _check_name(cell)
        if not name:
            return
        grade = self._find(self.gradebook.find_grade, cell)
        verdict: ExerciseVerdict | None = resources[VERDICTS].get(name)
        if self.unreadable:
            grade.needs_manual_grade = True
        elif verdict is None or verdict.status == "grader-error":
            grade.auto_score = None
            grade.needs_manual_grade = True

    def _add_comment(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._add_comment(cell, resources)
        verdict: ExerciseVerdict | None = resources[VERDICTS].get(cell.metadata.nbgrader["grade_id"])
        comment = self._find(self.gradebook.find_comment, cell)
        if self.unreadable or self.note:
            comment.auto_comment = self.unreadable or self.note
        elif verdict is not None and not (verdict.status == "not-attempted" and comment.auto_comment):
            comment.auto_comment = comment_for(verdict)

    def _find(self, find: Any, cell: NotebookNode) -> Any:
        return find(cell.metadata.nbgrader["grade_id"], self.notebook_id, self.assignment_id, self.student_id)


class CourseGate(NbGraderPreprocessor):  # type: ignore[misc]
    """Let an assignment out only if the reference gets full points and the stub none.

    Stands behind the steps that make the stub and before the one that saves it.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Step:
        """Return the stub as it is, or raise the sentences that name the exercises."""
        from graders.frontends.gate import gate

        slug = resources["nbgrader"]["assignment"]
        place = resources["metadata"]
        source = nbformat.read(Path(place["path"], f"{place['name']}.ipynb"), as_version=4)
        complaints = gate(slug, course.seed_of(course_root(self)), source, nb)
        if complaints:
            raise course.CourseError(f"{slug} is not released: {'; '.join(complaints)}")
        return nb, resources


class ReportStyle(Preprocessor):  # type: ignore[misc]
    """Give a feedback page the style of the reports: sanitised HTML has none of its own."""

    enabled = Bool(True, help="Whether to add the style.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Step:
        """Append the style to the page's own; comes after nbconvert's CSSHTMLHeaderPreprocessor."""
        css = STYLE.removeprefix("<style>").removesuffix("</style>") + PAGE
        resources.setdefault("inlining", {}).setdefault("css", []).append(css)
        return nb, resources


def course_root(step: Any) -> Path:
    """Return the course folder a step works in: its exporter belongs to a converter, which knows it."""
    while not hasattr(step, "coursedir"):
        step = step.parent
    return Path(step.coursedir.root)


def _check_name(cell: NotebookNode) -> str:
    """Return the exercise a check cell checks, or an empty string for every other cell."""
    if cell.cell_type != "code" or not utils.is_grade(cell) or utils.is_solution(cell):
        return ""
    name: str = cell.metadata.nbgrader["grade_id"].removeprefix(CHECK)
    return name
