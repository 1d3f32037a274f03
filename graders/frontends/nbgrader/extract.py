"""What lies in the archive folder of ``nbgrader zip_collect``, taken out safely: one name after the other.

Each file, archive or folder directly in that folder is one hand-in under the name the LMS gave it; its notebooks and
Python files are written below this name, those of an archive where people packed them deep as well.
"""

from __future__ import annotations

import shutil
import stat
from collections import defaultdict
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExtractorPlugin
from traitlets import List

from graders.engine.source import LARGEST, Unreadable, read_bytes
from graders.frontends.nbgrader.archives import SKIPPED, RefusedError, read_archive, shown, without_common_folder

ANSWERS = (".ipynb", ".py")
ARCHIVES = (".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz")
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
