"""nbgrader's own converters with the holes closed: every submission is read safely, and none stops the next."""

from __future__ import annotations

import glob
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, BaseConverter, GenerateAssignment, NbGraderException
from traitlets import Float

from graders.engine.source import Unreadable
from graders.frontends.nbgrader import ahead, course
from graders.frontends.nbgrader.comments import GRADER_FAILED
from graders.frontends.nbgrader.gradebooks import ENGINES
from graders.frontends.nbgrader.preprocessors import GradeNotebook, SaveVerdicts
from graders.frontends.nbgrader.record import disagreement, read_record
from graders.frontends.nbgrader.submitted import read_submission, unreadable_notebook
from graders.frontends.nbgrader.turns import turn, wait_for_gradebook
from graders.frontends.nbgrader.worker import WORKSHOP

if TYPE_CHECKING:
    import datetime as dt

    from nbformat import NotebookNode

LARGEST_FILE = 20 * 2**20  # bytes of one file beside the notebook
MOST_FILES = 200
LARGEST_STAMP = 200  # bytes of timestamp.txt


class CopyOrdinaryFiles(BaseConverter):  # type: ignore[misc]
    """Copies what lies beside a notebook: ordinary files of an ordinary size, nothing that links elsewhere."""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Copy the files of one submission; what is refused is named and left where it is."""
        source = Path(self._format_source(assignment_id, student_id))
        destination = Path(self._format_dest(assignment_id, student_id))
        if source.is_symlink() or source.parent.is_symlink() or not source.is_dir():
            return
        names = utils.find_all_files(str(source), [*self.coursedir.ignore, "*.ipynb"])
        for number, name in enumerate(sorted(names)):
            path = Path(name)
            if number >= MOST_FILES or not is_ordinary(path, LARGEST_FILE):
                self.log.warning("Left out of %s: %s is no ordinary file, or there are too many", student_id, path.name)
                continue
            target = destination / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copy(path, target, follow_symlinks=False)


class CourseAutograde(Autograde, CopyOrdinaryFiles):  # type: ignore[misc]
    """``nbgrader autograde``: fails closed, writes each notebook once, and goes on after any failure."""

    patience = Float(60.0, help="Seconds to wait for a gradebook that another program has locked.").tag(config=True)

    def start(self) -> None:
        """Refuse, in one sentence and before anything is written, what cannot be graded."""
        self.coursedir.get_existing_timestamp = self._safe_timestamp
        try:
            wait_for_gradebook(self.coursedir.db_url, self.patience, self.log)
            with ENGINES.kept():
                self._refuse_unless_ready()
                super().start()
        except course.CourseError as error:
            self.log.error("%s", error)  # noqa: TRY400 - the sentence says it; a traceback would hide it
            raise NbGraderException(str(error)) from error
        finally:
            if WORKSHOP.ahead is not None:
                WORKSHOP.ahead.close()
                WORKSHOP.ahead = None
            WORKSHOP.close()

    def convert_notebooks(self) -> None:
        """Grade one submission after the other; what another command is grading is left to it."""
        folders: dict[str, list[str]] = dict(self.assignments)  # type: ignore[has-type]
        failed = 0
        self._init_steps()
        WORKSHOP.ahead = ahead.start(self, GradeNotebook(parent=self), self._record, folders)
        for folder in sorted(folders):
            with turn(Path(folder)) as mine:
                if not mine:
                    self.log.warning("Left to another command, which is grading it now: %s", folder)
                    continue
                WORKSHOP.ahead.begin(folder)
                self.assignments = {folder: folders[folder]}
                failed += not self._graded()
        if failed:
            raise NbGraderException(f"{failed} of {len(folders)} submissions could not be graded.")

    def _graded(self) -> bool:
        """Grade the one submission at hand; once more where the gradebook was locked meanwhile."""
        for last in (False, True):
            wait_for_gradebook(self.coursedir.db_url, self.patience, self.log)
            self._locked_out = False
            try:
                super().convert_notebooks()
            except NbGraderException:  # it has said which and why
                if last or not self._locked_out:
                    return False
            else:
                return True
        return False

    def _refuse_unless_ready(self) -> None:
        slug = self.coursedir.assignment_id
        card = course.card_of(slug)
        steps = [step if isinstance(step, str) else step.__name__ for step in self.autograde_preprocessors]
        for step in (GradeNotebook.__name__, SaveVerdicts.__name__):
            if not any(name.endswith(step) for name in steps):
                raise course.CourseError(
                    f"Autograde.autograde_preprocessors has no {step}, so nothing was graded. "
                    "Leave this setting to configure(c) in nbgrader_config.py."
                )
        try:
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                self._record = read_record(gradebook, slug, slug)
                problem = disagreement(card, self._record)
        except MissingEntry:
            problem = f"it does not know {slug}"
        except Exception as error:
            raise course.CourseError(
                f"The gradebook cannot be read ({type(error).__name__}: {error}), so nothing was graded. "
                "Close what else uses it and run the command again."
            ) from error
        if problem:
            raise course.CourseError(
                f"The gradebook does not fit the assignment: {problem}. Nothing was graded. "
                f"Run: nbgrader generate_assignment {slug} --force"
            )
        seed = course.seed_of(Path(self.coursedir.root))
        with ThreadPoolExecutor(1, "start") as meanwhile:  # both take seconds
            worker = meanwhile.submit(self._start_worker)
            try:
                course.keys_of(slug, seed)
            except Exception as error:
                raise course.CourseError(
                    f"The keys of {slug} cannot be computed ({type(error).__name__}: {error}), so nothing was graded."
                ) from error
            worker.result()

    def _start_worker(self) -> None:
        """Start the warm worker once for all submissions, or say why none is allowed to run."""
        try:
            worker = WORKSHOP.zygote(trust=GradeNotebook(parent=self).trust_submissions)
        except Exception as error:
            raise course.CourseError(
                f"Submissions cannot run here, so nothing was graded. {error} "
                "In nbgrader_config.py the setting for trusted submissions is: "
                "c.GradeNotebook.trust_submissions = True"
            ) from error
        self.log.info("Submissions run in isolation: %s", worker.isolation)

    def init_notebooks(self) -> None:
        """List every submission there is, also those whose notebook is missing or has another name."""
        self.assignments = {}
        slug = self.coursedir.assignment_id
        folders = glob.glob(self._format_source(slug, self.coursedir.student_id))  # noqa: PTH207 - as nbgrader does
        if not folders:
            super().init_notebooks()  # says so, and what the name might have been
            return
        for folder in folders:
            if "\n" in folder:  # nbgrader's own reading of the name fails on it, and would end the run
                self.log.error("Not graded: %r. Rename the folder, without the line break, and grade it.", folder)
                continue
            self.assignments[folder] = [str(Path(folder, f"{slug}.ipynb"))]

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Process a submission also where an earlier run was stopped half-way."""
        folder = Path(self._format_dest(assignment_id, student_id))
        excluded = student_id in self.coursedir.student_id_exclude.split(",")
        if folder.is_dir() and not (folder / f"{assignment_id}.ipynb").exists() and not excluded:
            self.log.warning("Graded again, since an earlier run was stopped half-way: %s", student_id)
            utils.rmtree(str(folder))
        begun: bool = super().init_destination(assignment_id, student_id)
        return begun

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Make the records of one submission; another command may make the same student's at this moment."""
        for last in (False, True):
            try:
                super().init_assignment(assignment_id, student_id)
            except Exception as error:
                if last:
                    raise self._grader_failed(assignment_id, student_id, error) from error
                self.log.info("Once more after %s: %s", type(error).__name__, error)
            else:
                return

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Read, repair, grade and save one notebook; it is written once, when all of that is done."""
        resources = self.init_single_notebook_resources(notebook_filename)
        place = resources["nbgrader"]
        try:
            notebook = self._read(Path(notebook_filename), place["student"])
            output, resources = self.exporter.from_notebook_node(notebook, resources=resources)
            self.write_single_notebook(output, resources)
        except Exception as error:
            raise self._grader_failed(place["assignment"], place["student"], error) from error

    def _init_steps(self) -> None:
        """Make the steps of both chains, one after the other, once for all submissions.

        What they make of a notebook is held against nbformat once, behind the last.
        """
        self.exporter._preprocessors = []  # noqa: SLF001 - as nbgrader itself does
        self.exporter.optimistic_validation = True
        for step in (*self.sanitize_preprocessors, *self.autograde_preprocessors):
            self.exporter.register_preprocessor(step)

    def write_single_notebook(self, output: str, resources: dict[str, Any]) -> None:
        """Write the notebook whole or not at all: that it is there says that it is graded."""
        name = resources["unique_key"]
        unfinished = f".{name}.unfinished"
        super().write_single_notebook(output, {**resources, "unique_key": unfinished})
        folder = Path(self.writer.build_directory)
        (folder / f"{unfinished}.ipynb").replace(folder / f"{name}.ipynb")

    def _read(self, path: Path, student: str) -> NotebookNode:
        try:
            submitted = self.coursedir.format_path(self.coursedir.submitted_directory, ".", ".")
            return read_submission(path, Path(submitted))
        except Unreadable as error:
            self.log.warning("%s: %s 0 points, marked for a look by hand.", student, error)
            return unreadable_notebook(str(error))

    def _grader_failed(self, assignment: str, student: str, error: Exception) -> Exception:
        """Mark every grade of this submission for a look by hand: no silent 0, no silent full score."""
        self._locked_out = "database is locked" in str(error)  # it comes as several kinds of error
        try:
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                notebook = gradebook.find_submission_notebook(assignment, assignment, student)
                for grade in notebook.grades:
                    grade.auto_score = None
                    grade.needs_manual_grade = True
                for comment in notebook.comments:
                    comment.auto_comment = GRADER_FAILED
                gradebook.db.commit()
        except Exception as second:
            self.log.error("%s could not be marked for a look by hand: %s", student, second)  # noqa: TRY400
        # A plain error: nbgrader ends the whole run after some of its own and of the database's.
        return RuntimeError(f"The grader failed on {student}, nobody else: {type(error).__name__}: {error}")

    def _safe_timestamp(self, folder: str) -> dt.datetime | None:
        """Return the time of submission; a stamp that is a link, huge or no time counts as none."""
        path = Path(folder, "timestamp.txt")
        if not is_ordinary(path, LARGEST_STAMP) or path.parent.is_symlink():
            return None
        try:
            stamp = path.read_text(encoding="utf-8").strip()
            return utils.parse_utc(stamp) if stamp else None
        except (ValueError, OverflowError):
            self.log.warning("timestamp.txt of %s is no time and is not used", path.parent.parent.name)
            return None


class CourseGenerateAssignment(GenerateAssignment):  # type: ignore[misc]
    """``nbgrader generate_assignment``: the source notebook is made from ``solutions`` first."""

    def start(self) -> None:
        """Write the source folder, or refuse in one sentence."""
        slug = self.coursedir.assignment_id
        try:
            course.card_of(slug)
            self._write_source(slug)
        except course.CourseError as error:
            self.log.error("%s", error)  # noqa: TRY400 - the sentence says it; a traceback would hide it
            raise NbGraderException(str(error)) from error
        try:
            super().start()
        finally:
            WORKSHOP.close()

    def _write_source(self, slug: str) -> None:
        folder = Path(self.coursedir.format_path(self.coursedir.source_directory, ".", slug))
        folder.mkdir(parents=True, exist_ok=True)
        try:
            course.write_source(slug, folder)
        except Exception as error:
            raise course.CourseError(
                f"The source notebook of {slug} cannot be made from solutions/{slug}.py: {error}"
            ) from error


def is_ordinary(path: Path, largest: int) -> bool:
    """Whether this is a regular file, not a link, of at most ``largest`` bytes."""
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size <= largest


def install() -> None:
    """Put these converters where nbgrader's commands and formgrader's buttons find them.

    ``nbgrader.converters`` itself keeps its own: `descentlab build` uses them.
    """
    from nbgrader.apps import api, autogradeapp, generateassignmentapp
    from nbgrader.apps.zipcollectapp import ZipCollectApp

    from graders.frontends.nbgrader import collect

    places: list[tuple[Any, str, Any]] = [
        (autogradeapp, "Autograde", CourseAutograde),
        (api, "Autograde", CourseAutograde),
        (generateassignmentapp, "GenerateAssignment", CourseGenerateAssignment),
        (api, "GenerateAssignment", CourseGenerateAssignment),
        (ZipCollectApp, "start", collect.start),
        (ZipCollectApp, "_transfer_files", collect.transfer),
    ]
    for module, name, ours in places:
        if not hasattr(module, name):
            raise course.CourseError(f"{module.__name__} has no {name}: this nbgrader is not the one tested (0.9.6).")
        setattr(module, name, ours)
