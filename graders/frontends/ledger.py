"""The file that makes a run safe to kill: one line a submission, appended and on disk before the next one counts.

A line holds the key of the work (content, assignment, seed, version: all that decides the result), the published
record, and the text of the reports. A run begins by reading what is there; a last line torn by a kill is cut off.
"""

from __future__ import annotations

import json
import math
import os
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self


class LedgerBusyError(RuntimeError):
    """Another run is writing to the same file."""


class _Place(NamedTuple):
    offset: int
    order: tuple[str, str, str]
    status: str


class Ledger:
    """The records of a run, on disk; in memory stay only their places, so the judge's memory stays flat."""

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+b")
        _lock(self._file.fileno(), path)
        if fresh:
            self._file.truncate(0)
        self._places: dict[str, _Place] = {}
        self._load()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def holds(self, key: str) -> bool:
        """Tell whether this work is done; what the grader itself failed at is tried again."""
        place = self._places.get(key)
        return place is not None and place.status != "grader-error"

    def append(self, key: str, record: Mapping[str, Any], text: Mapping[str, str] | None = None) -> None:
        """Write one record; when this returns it survives a kill and a power cut."""
        line = json.dumps(finite({"key": key, "submission": record, "text": text or {}}), ensure_ascii=True)
        self._file.seek(0, os.SEEK_END)
        offset = self._file.tell()
        self._file.write(line.encode("ascii") + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._places[key] = _place(offset, record)

    def entries(self, keys: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Yield the lines of these keys, sorted by student, assignment and path, one at a time."""
        places = sorted({self._places[key] for key in keys}, key=lambda place: (place.order, place.offset))
        for place in places:
            self._file.seek(place.offset)
            entry: dict[str, Any] = json.loads(self._file.readline())
            yield entry

    def _load(self) -> None:
        self._file.seek(0)
        whole = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            entry = _entry(line)
            if entry is not None:
                self._places[entry["key"]] = _place(whole, entry["submission"])
            whole += len(line)
        self._file.truncate(whole)


def read_entries(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the whole lines of a ledger, the last one of each submission (student, assignment and path)."""
    last: dict[tuple[str, str, str], int] = {}
    with path.open("rb") as file:
        offset = 0
        for line in file:
            entry = _entry(line)
            if entry is not None:
                last[_order(entry["submission"])] = offset
            offset += len(line)
        for _, place in sorted(last.items()):
            file.seek(place)
            yield json.loads(file.readline())


def finite(value: Any) -> Any:
    """Return a value that JSON can spell: what is not finite becomes null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: finite(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def _entry(line: bytes) -> dict[str, Any] | None:
    """Return a line's content, or None where it is no record of ours."""
    try:
        entry = json.loads(line)
        _order(entry["submission"])
        entry["key"], entry["submission"]["status"]
    except (ValueError, KeyError, TypeError):
        return None
    return dict(entry)


def _order(record: Mapping[str, Any]) -> tuple[str, str, str]:
    return (str(record["student"]), str(record["assignment"]), str(record["path"]))


def _place(offset: int, record: Mapping[str, Any]) -> _Place:
    return _Place(offset, _order(record), str(record["status"]))


def _lock(handle: int, path: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: two runs at once are not detected there
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise LedgerBusyError(
            f"Another run is writing to {path.parent.name}/{path.name}; wait for it, or choose another --out."
        ) from None
