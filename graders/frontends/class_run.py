"""A whole class: every submission to one record on disk, whatever happens to the others or to the machine."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graders import __version__
from graders.engine.source import Submission, Unreadable, read, read_bytes
from graders.frontends.grading import Terms, kept, relocated, shown_path, unreadable
from graders.frontends.ledger import Ledger
from graders.frontends.pages import page_name
from graders.frontends.records import Run, gradescope, write_csv, write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from graders.engine.key import Key
    from graders.frontends.discover import Found
    from graders.frontends.grading import Graded
    from graders.frontends.pool import KeysFor


LEDGER = "records.jsonl"
SETTINGS = "run.json"
ASSIGNMENTS = Path(__file__).resolve().parents[2] / "assignments"
NO_ASSIGNMENT = (
    "{name} does not tell which assignment it answers: its name holds no assignment and it defines none of "
    "the course's functions. Check the functions' names, or grade it with --assignment."
)


@dataclass(frozen=True)
class Work:
    """One submission of a run: its key in the ledger, and the name of its feedback page."""

    found: Found
    key: str
    page: str

    @property
    def shown(self) -> str:
        """Return the path as the record shows it."""
        return shown_path(self.found.path)


@dataclass(frozen=True)
class ClassResult:
    """What a run ends with: the ledger stays open for reading, in the order of the class."""

    run: Run
    ledger: Ledger
    keys: tuple[str, ...]
    assignments: tuple[str, ...]
    resumed: int

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield the ledger's lines, sorted by student, assignment and path."""
        return self.ledger.entries(self.keys)

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield the published records in the same order."""
        return (entry["submission"] for entry in self.entries())


def chosen_seed(out: Path, seed: int | None, *, fresh: bool) -> int:
    """Return the seed of a run: the one asked for, the one an earlier run in ``out`` drew, or a new secret one."""
    if seed is not None:
        return seed
    earlier = None if fresh else _setting(out, "seed", None)
    return earlier if isinstance(earlier, int) else secrets.randbelow(2**31)


def grade_class(
    found: Sequence[Found],
    *,
    seed: int,
    out: Path,
    device: str = "cpu",
    jobs: int | None = None,
    feedback: Any = "numbers",
    trust: bool = False,
    fresh: bool = False,
    pages: bool = True,
    keys_for: KeysFor | None = None,
) -> ClassResult:
    """Grade every submission; one record each is appended to ``out``/records.jsonl as it is finished.

    A run that is repeated after a kill grades what is missing. The result does not depend on the order of
    ``found``, on ``jobs``, nor on how often the run was interrupted.
    """
    from graders.frontends.pool import cores

    keys_for = keys_for or _course_keys
    assignments = tuple(sorted({one.assignment for one in found if one.assignment}))
    terms = Terms(seed, device=device, feedback=feedback, pages=pages)
    isolation = "" if fresh else _setting(out, "isolation", "")
    ledger = Ledger(out / LEDGER, fresh=fresh)
    _keep_settings(out, Run(seed, device, isolation))
    works = _works(found, seed, terms, trust=trust)
    missing = [work for work in works if not ledger.holds(work.key)]
    jobs = max(1, min(jobs or cores(), len(missing) or 1))
    with _progress(len(works), len(works) - len(missing)) as advance:
        for work, graded in _results(missing, keys_for, terms, jobs=jobs, trust=trust):
            if graded.page is not None:
                _write_page(out, work.page, graded.page)
            ledger.append(work.key, graded.record, graded.text)
            if graded.isolation not in {"", isolation}:
                isolation = graded.isolation
                _keep_settings(out, Run(seed, device, isolation))
            advance()
    run = Run(seed, device, isolation or _isolation(trust=trust))
    _keep_settings(out, run)
    return ClassResult(run, ledger, tuple(work.key for work in works), assignments, len(works) - len(missing))


def write_results(out: Path, result: ClassResult) -> None:
    """Write results.json, grades.csv and one Gradescope file a submission into ``out``."""
    with (out / "results.json").open("w", encoding="utf-8") as file:
        write_json(file, result.run, result.records())
    with (out / "grades.csv").open("w", encoding="utf-8", newline="") as file:
        write_csv(file, result.records(), result.assignments)
    counts: Counter[tuple[str, str]] = Counter()
    for entry in result.entries():
        record = entry["submission"]
        student, slug = page_name(record["student"]), record["assignment"] or "unknown"
        counts[student, slug] += 1
        number = counts[student, slug]
        file_name = f"{slug}.json" if number == 1 else f"{slug}-{number}.json"
        _write_page(out, f"gradescope/{student}/{file_name}", json.dumps(gradescope(entry), indent=1) + "\n")


def _results(
    missing: Iterable[Work], keys_for: KeysFor, terms: Terms, *, jobs: int, trust: bool
) -> Iterator[tuple[Work, Graded]]:
    """Yield the result of every piece of work: what cannot be read at once, the rest as workers finish."""
    from graders.frontends.pool import grade_all

    refused: list[tuple[Work, Graded]] = []

    def readable() -> Iterator[tuple[Work, Submission]]:
        for work in missing:
            try:
                yield work, _submission(work)
            except Unreadable as error:
                verdict = unreadable(work.found.student, work.found.assignment, work.shown, str(error))
                refused.append((work, kept(verdict, pages=terms.pages)))

    for one in grade_all(readable(), keys_for, terms, jobs=jobs, trust=trust):
        yield one
        while refused:
            yield refused.pop()
    yield from refused


def _submission(work: Work) -> Submission:
    found = work.found
    submission = read(found.path, locked=_check_cells(found.assignment))
    if found.assignment is None:
        raise Unreadable(NO_ASSIGNMENT.format(name=found.path.name))
    return relocated(submission, work.shown, found.student, found.assignment)


def _works(found: Sequence[Found], seed: int, terms: Terms, *, trust: bool) -> list[Work]:
    """Return the work of a run: a key over all that decides each result."""
    same = _digest([__version__, str(seed), terms.device, terms.feedback, str(trust), str(terms.pages)])
    taken: Counter[str] = Counter()
    works = []
    for one in sorted(found, key=lambda one: (one.student, one.assignment or "", str(one.path))):
        page = f"feedback/{page_name(one.student)}/{one.assignment or 'unknown'}"
        taken[page] += 1
        page += ".html" if taken[page] == 1 else f"-{taken[page]}.html"
        parts = [one.student, one.assignment or "", shown_path(one.path), page, _content(one.path), same]
        works.append(Work(one, _digest(parts), page))
    return works


def _setting(out: Path, name: str, otherwise: Any) -> Any:
    """Return what an earlier run in this folder noted."""
    try:
        return json.loads((out / SETTINGS).read_text(encoding="utf-8")).get(name, otherwise)
    except (OSError, ValueError, AttributeError):
        return otherwise


def _keep_settings(out: Path, run: Run) -> None:
    """Note the seed and the like, whole or not at all: without the seed nothing of an earlier run counts."""
    text = json.dumps({**asdict(run), "version": __version__}) + "\n"
    fresh = out / f"{SETTINGS}.new"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(out / SETTINGS)


def _isolation(*, trust: bool) -> str:
    """Ask a worker for its level, where no submission was run."""
    from graders.engine.worker.client import Zygote

    with Zygote(trust=trust) as zygote:
        return str(zygote.isolation)


def _content(path: Path) -> str:
    try:
        return hashlib.sha256(read_bytes(path)).hexdigest()
    except Unreadable as error:
        return f"unreadable: {error}"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256(json.dumps(list(parts)).encode("ascii")).hexdigest()[:32]


def _course_keys(slug: str, seed: int) -> Mapping[str, Key]:
    from graders.kept_keys import all_keys

    return all_keys(slug, seed)


@cache
def _check_cells(slug: str | None) -> frozenset[str]:
    """Return the check cells of an assignment's stub: the grader's own questions replace them."""
    path = ASSIGNMENTS / str(slug) / f"{slug}.ipynb"
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return frozenset()
    checks = (cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade"))
    return frozenset("".join(cell["source"]) for cell in checks if not cell["metadata"]["nbgrader"]["solution"])


def _write_page(out: Path, name: str, text: str) -> None:
    path = out / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="backslashreplace")


@contextmanager
def _progress(total: int, done: int) -> Iterator[Callable[[], None]]:
    """Show a bar with rate and time left on standard error, where someone looks at it."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, completed=done, rate="")

        def advance() -> None:
            speed = bar.tasks[0].speed
            bar.update(task, advance=1, rate=f"{speed:.1f} per second" if speed else "")

        yield advance
