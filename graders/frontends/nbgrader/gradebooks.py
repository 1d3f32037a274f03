"""One engine for the gradebook while ``nbgrader autograde`` runs.

nbgrader opens the gradebook anew for each of its steps, ten times a submission: the tables are looked for again, and
SQLAlchemy compiles every statement again, since what it has compiled belongs to the engine. Kept open, both happen
once a command.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbgrader.api import Gradebook
from sqlalchemy.orm import scoped_session, sessionmaker

from graders.frontends.nbgrader.turns import sqlite_file

if TYPE_CHECKING:
    from collections.abc import Iterator

_open, _close = Gradebook.__init__, Gradebook.close


@dataclass(frozen=True)
class Kept:
    """An engine, and the file it was opened on: a gradebook that is another file by now is opened as such."""

    engine: Any
    file: tuple[int, int] | None


class Engines:
    """The engines that are kept, by database and course; none while no command asks for it."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Kept] = {}
        self._users = 0
        self._lock = threading.Lock()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep engines open until the last one who asked for it is done."""
        with self._lock:
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                left = {} if self._users else self._kept
                if not self._users:
                    self._kept = {}
            for one in left.values():
                one.engine.dispose()

    def find(self, db_url: str, course_id: str) -> Any:
        """Return the engine of a gradebook that was opened before; None where it has to be opened."""
        known = self._kept.get((db_url, course_id))
        return known.engine if known is not None and known.file == _identity(db_url) else None

    def keep(self, db_url: str, course_id: str, engine: Any) -> None:
        """Keep an engine, if a command is running that wants it."""
        with self._lock:
            before = self._kept.pop((db_url, course_id), None)
            if self._users:
                self._kept[db_url, course_id] = Kept(engine, _identity(db_url))
        if before is not None:
            before.engine.dispose()

    def holds(self, engine: Any) -> bool:
        """Tell whether an engine is kept."""
        return any(one.engine is engine for one in self._kept.values())


ENGINES = Engines()


def install() -> None:
    """Have nbgrader's gradebooks use the engines that are kept."""
    Gradebook.__init__, Gradebook.close = _begin, _end


def _begin(self: Any, db_url: str, course_id: str = "default_course", authenticator: Any = None) -> None:
    """Stand in for ``Gradebook.__init__``."""
    engine = ENGINES.find(db_url, course_id)
    if engine is None:
        _open(self, db_url, course_id, authenticator)
        ENGINES.keep(db_url, course_id, self.engine)
        return
    self.engine = engine
    self.db = scoped_session(sessionmaker(autoflush=True, bind=engine, future=True))
    self.course_id, self.authenticator = course_id, authenticator


def _end(self: Any) -> None:
    """Stand in for ``Gradebook.close``: the session ends, an engine that is kept goes on."""
    if ENGINES.holds(self.engine):
        self.db.remove()
    else:
        _close(self)


def _identity(db_url: str) -> tuple[int, int] | None:
    """Return which file an SQLite gradebook is."""
    path = sqlite_file(db_url)
    if path is None:
        return None
    status = path.stat()
    return status.st_dev, status.st_ino
