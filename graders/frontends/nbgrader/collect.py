"""``nbgrader zip_collect``: files and archives of an LMS become submissions, whatever lies among them.

Who handed in stands in the name a file, an archive or a folder has directly in the archive folder, where the LMS
wrote it, and nowhere else: no name inside an archive is ever asked.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.plugins import FileNameCollectorPlugin
from nbgrader.utils import parse_utc
from traitlets import List, Unicode

from graders.frontends.nbgrader.archives import shown
from graders.frontends.nbgrader.extract import ANSWERS, note, notes_of

if TYPE_CHECKING:
    import datetime as dt

    Named = tuple[dt.datetime | None, Path, str]  # time and file_id as the name tells them

# ada.zip; ada_1017_2231_work.ipynb (Canvas); "Ada Lovelace_1017_assignsubmission_file_" (Moodle, with the number)
NAMES = r"(?P<student_id>[^_]+(?:_\d+(?=_assignsubmission_))?)"
LONGEST_ID = 100
STOCK_START = ZipCollectApp.start


class CourseCollector(FileNameCollectorPlugin):  # type: ignore[misc]
    """Reads the student from the name the LMS gave, one submission a student."""

    named_regexp = Unicode(
        NAMES,
        help="A regular expression with the group student_id, and timestamp and file_id where the name tells them. "
        "It is matched with the names of the files, archives and folders in the archive folder, without an archive's "
        "ending; names inside an archive are never asked.",
    ).tag(config=True)
    valid_ext = List(list(ANSWERS), help="Endings of the files to collect.").tag(config=True)

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        """Return student, path in the submission and time of one extracted file; None where it is not collected."""
        known: dict[str, Any] | None = self._plan.get(os.path.relpath(submitted_file, self._root))
        return known

    @cached_property
    def _root(self) -> Path:
        return Path(self.parent._format_collect_path(self.parent.extracted_directory))  # noqa: SLF001 - no public way

    @cached_property
    def _plan(self) -> dict[str, dict[str, Any]]:
        """Return what is collected, by the path of the extracted file: all names are seen before one is chosen."""
        try:
            re.compile(self.named_regexp)
        except re.error as error:
            self.parent.fail(f"c.FileNameCollectorPlugin.named_regexp is no regular expression: {error}")
        places: dict[str, list[Named]] = defaultdict(list)
        for place in sorted(self._root.iterdir()):
            named = self._named(place)
            student = (named.get("student_id") or "").strip()
            if not _is_id(student):
                what = f"({shown(student)}) that cannot be one" if student else "that the pattern finds"
                self._note(
                    f"{shown(place.name)} has no student id {what}. Rename it STUDENT_{shown(place.name)}, or set "
                    "c.FileNameCollectorPlugin.named_regexp to the LMS's way of naming."
                )
                continue
            places[student].append((self._time(named, place), place, named.get("file_id") or ""))
        plan = {}
        for student, found in places.items():
            chosen = self._newest(student, found)
            if chosen is not None:
                plan.update(self._files(student, *chosen))
        return plan

    def _named(self, place: Path) -> dict[str, str | None]:
        """Return what the pattern finds in a name. As in nbgrader it may be written for the whole path of a file."""
        root, name = f"{self._root}{os.sep}", place.name
        whole = f"{root}{name}" + ("" if place.is_file() else f"{os.sep}{self.parent.coursedir.assignment_id}.ipynb")
        stem = place.stem if place.is_file() else name
        for text, start in ((stem, 0), (name, 0), (root + name, len(root)), (whole, len(root))):
            match = re.match(self.named_regexp, text)
            if match is None or "student_id" not in match.re.groupindex:
                continue
            begin, end = match.span("student_id")
            if start <= begin < end <= start + len(name):
                return match.groupdict()
        return {}

    def _time(self, named: dict[str, str | None], place: Path) -> dt.datetime | None:
        stamp = named.get("timestamp")
        try:
            time: dt.datetime | None = parse_utc(stamp) if stamp else None
        except Exception:  # dateutil raises many kinds
            self.log.warning("%s: %s is no time and is not used", shown(place.name), shown(str(stamp)))
            return None
        return time

    def _newest(self, student: str, found: list[Named]) -> Named | None:
        """Return the one submission of a student: the only one, or the last where all names tell a time."""
        times = [time for time, _, _ in found if time is not None]
        last = max(times, default=None)
        if len(found) > 1 and (len(times) < len(found) or times.count(max(times)) > 1):
            names = ", ".join(shown(place.name) for _, place, _ in found)
            self._note(
                f"{names}: these are all named after {shown(student)}, and nothing tells which one counts. Keep one, "
                "or set c.FileNameCollectorPlugin.named_regexp so that it tells them apart."
            )
            return None
        return found[0] if last is None else next(one for one in found if one[0] == last)

    def _files(self, student: str, time: dt.datetime | None, place: Path, file_id: str) -> dict[str, dict[str, Any]]:
        stamp = {"timestamp": time.isoformat(" ")} if time is not None else {}
        if place.is_file():
            slug = self.parent.coursedir.assignment_id
            name = slug if slug in place.name else Path(Path(file_id).name).stem or place.stem
            return {place.name: {"student_id": student, "file_id": f"{name}{place.suffix}", **stamp}}
        inside = [path for path in sorted(place.rglob("*")) if path.is_file() and path.suffix.lower() in self.valid_ext]
        return {
            str(path.relative_to(self._root)): {
                "student_id": student,
                "file_id": str(path.relative_to(place)),
                **stamp,
            }
            for path in inside
        }

    def _note(self, sentence: str) -> None:
        note(self.parent, sentence)


def start(app: Any) -> None:
    """Collect as nbgrader does; at the end, name what was not collected, and fail if there is any."""
    try:
        STOCK_START(app)
    finally:
        for sentence in notes_of(app):
            app.log.error("Not collected: %s", sentence)
    if notes_of(app):
        sys.exit(1)


def transfer(app: Any, collected: dict[str, Any]) -> None:
    """Copy the submissions one student after the other: what fails for one does not stop the next."""
    for student, files in sorted((collected or {}).items()):
        folder = Path(
            app.coursedir.format_path(app.coursedir.submitted_directory, student, app.coursedir.assignment_id)
        )
        try:
            if not app.force and folder.is_dir() and any(folder.iterdir()):
                note(app, f"{shown(student)} has a submission already, which stays. To replace it, add --force.")
                continue
            _replace(folder, files)
        except OSError as error:
            note(app, f"{shown(student)} cannot be copied ({error.strerror}). Mend this and run it again with --force.")
            continue
        app.log.info("Collected: %s", folder)


def _replace(folder: Path, files: dict[str, Any]) -> None:
    """Put a submission in its place, whole or not at all: what stood there goes last."""
    fresh, old = (folder.with_name(f".{folder.name}.{what}") for what in ("new", "old"))
    for place in (fresh, old):
        shutil.rmtree(place, ignore_errors=True)
    try:
        for source, name in zip(files["src_files"], files["file_ids"], strict=True):
            target = fresh / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target, follow_symlinks=False)
        if files["timestamp"] is not None:
            (fresh / "timestamp.txt").write_text(files["timestamp"].isoformat(" "), encoding="utf-8")
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
    finally:
        if old.exists() and not folder.exists():
            old.rename(folder)
        for place in (fresh, old):
            shutil.rmtree(place, ignore_errors=True)


def _is_id(student: str) -> bool:
    """Whether this can be a student's id: it becomes the name of a folder."""
    plain = student.isprintable() and not re.search(r"[/\\:*?\"<>|{}\[\]]", student)
    return bool(student) and plain and not student.startswith((".", "-")) and len(student.encode()) <= LONGEST_ID
