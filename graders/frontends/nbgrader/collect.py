"""``nbgrader zip_collect``: files and archives of an LMS become submissions, whatever lies among them.

Who handed in stands in the name a file, an archive or a folder has directly in the archive folder, where the LMS
wrote it, and nowhere else: no name inside an archive is ever asked.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from nbgrader.utils import parse_utc
from traitlets import List, Unicode

from graders.engine.source import LARGEST, Unreadable, read_bytes
from graders.frontends.nbgrader.archives import SKIPPED, RefusedError, read_archive, shown, without_common_folder

if TYPE_CHECKING:
    import datetime as dt

    Named = tuple[dt.datetime | None, Path, str]  # time and file_id as the name tells them

ANSWERS = (".ipynb", ".py")
ARCHIVES = (".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz")
# ada.zip; ada_1017_2231_work.ipynb (Canvas); "Ada Lovelace_1017_assignsubmission_file_" (Moodle, with the number)
NAMES = r"(?P<student_id>[^_]+(?:_\d+(?=_assignsubmission_))?)"
LONGEST_ID = 100
STOCK_START = ZipCollectApp.start
ASK = "Ask for a notebook, a Python file, or a zip archive of them."
CLASS_INSIDE = (
    "If this is the download of the whole class, unpack it into the archive folder; "
    "otherwise ask for one notebook, named {slug}.ipynb."
)


def note(app: Any, sentence: str) -> None:
    """Keep what was not collected, and why, for the end of the command."""
    notes_of(app).append(sentence)


def notes_of(app: Any) -> list[str]:
    """Return what was not collected so far."""
    notes: list[str] = app.__dict__.setdefault("descentlab_notes", [])
    return notes


class CourseExtractor(ExtractorPlugin):  # type: ignore[misc]
    """Takes notebooks and Python files out of what lies in the archive folder; what is refused stops nothing else."""

    zip_ext = List(list(ARCHIVES), help="Endings of archives: zip, or tar in any usual compression.").tag(config=True)

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Write the answers of each file, archive or folder below one name of its own."""
        places: dict[str, list[Path]] = defaultdict(list)
        for path in _entries(Path(archive_path)):
            places[path.name if path.is_dir() else self._stem(path.name)].append(path)
        if not places:
            self.log.warning("No files found in directory: %s", archive_path)
        for name, paths in places.items():
            if len(paths) > 1:
                self._note(paths[0], f"and {shown(paths[1].name)} have the same name. Keep one of them.")
                continue
            try:
                files = self._answers(paths[0])
                _write(files, Path(extracted_path, name))
            except (RefusedError, Unreadable) as error:
                self._note(paths[0], str(error))
            except OSError as error:
                self._note(paths[0], f"cannot be copied ({error.strerror}). Mend this and run the command again.")

    def _answers(self, path: Path) -> dict[str, bytes]:
        """Return the notebooks and Python files handed in under one name; a single file has an empty path."""
        if not path.is_dir() or path.is_symlink():
            return self._file(path)
        files: dict[str, bytes] = {}
        inside = _entries(path)
        for one in sorted(inside, key=lambda one: self._is_archive(one.name)):
            try:
                found = self._inside(one)
            except (RefusedError, Unreadable) as error:
                self._note(one, str(error))
                continue
            for name in found.keys() & files.keys():
                self._note(one, f"holds {shown(name)}, which stands beside it as well. The one beside it is collected.")
            files = found | files
        return self._one_answer(files)

    def _file(self, path: Path) -> dict[str, bytes]:
        if self._is_archive(path.name):
            return self._one_answer(self._unpacked(path))
        if path.suffix.lower() not in ANSWERS:
            raise RefusedError(f"is none of these. {ASK}")
        return {"": _content(path)}

    def _inside(self, path: Path) -> dict[str, bytes]:
        """Return what one entry of a folder holds; what is no answer is passed over."""
        if path.is_dir() and not path.is_symlink():
            raise RefusedError(
                "is a folder inside a folder, which is not read. "
                "Put the folders and files the LMS named after students directly into the archive folder."
            )
        if self._is_archive(path.name):
            return self._unpacked(path)
        return {path.name: _content(path)} if path.suffix.lower() in ANSWERS else {}

    def _unpacked(self, path: Path) -> dict[str, bytes]:
        files = read_archive(_content(path), lambda name: name.lower().endswith(ANSWERS))
        return without_common_folder(files)

    def _one_answer(self, files: dict[str, bytes]) -> dict[str, bytes]:
        """Refuse what holds no answer, or several and none of the right name: the class's download looks so."""
        slug = self.parent.coursedir.assignment_id
        for suffix in ANSWERS:
            found = [name for name in files if name.lower().endswith(suffix)]
            if f"{slug}{suffix}" in found:
                return files
            if len(found) == 1:  # it comes to the top, where the grader looks
                return {Path(name).name if name in found else name: content for name, content in files.items()}
            if found:
                what = "notebooks" if suffix == ".ipynb" else "Python files"
                cure = CLASS_INSIDE.format(slug=slug)
                raise RefusedError(f"holds {len(found)} {what} and none of them is {slug}{suffix}. {cure}")
        raise RefusedError(f"holds no notebook and no Python file. {ASK}")

    def _is_archive(self, name: str) -> bool:
        return name.lower().endswith(tuple(self.zip_ext))

    def _stem(self, name: str) -> str:
        """Return the name without an archive's ending, ``.tar`` included."""
        if not self._is_archive(name):
            return name
        stem = Path(name).stem
        return Path(stem).stem if stem.lower().endswith(".tar") else stem

    def _note(self, path: Path, reason: str) -> None:
        name = shown(path.name)
        note(self.parent, reason if reason.startswith(name) else f"{name} {reason}")


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


def _entries(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if not SKIPPED.match(path.name)]


def _content(path: Path) -> bytes:
    """Return the content of an ordinary file."""
    status = path.lstat()
    if stat.S_ISREG(status.st_mode) and status.st_size > LARGEST:
        raise RefusedError(f"is larger than {LARGEST // 2**20} MB. Ask for the notebook alone, its outputs cleared.")
    return read_bytes(path)


def _write(files: dict[str, bytes], place: Path) -> None:
    """Write files below a place, or the one file at the place; all of them or none."""
    try:
        for name, content in files.items():
            path = place / name if name else place
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(content)
    except OSError:
        if place.is_dir():
            shutil.rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)
        raise


def _is_id(student: str) -> bool:
    """Whether this can be a student's id: it becomes the name of a folder."""
    plain = student.isprintable() and not re.search(r"[/\\:*?\"<>|{}\[\]]", student)
    return bool(student) and plain and not student.startswith((".", "-")) and len(student.encode()) <= LONGEST_ID
