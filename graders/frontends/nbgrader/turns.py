"""Several commands on one course: each submission to one of them, and the gradebook to whoever waits for it."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graders.frontends.nbgrader.course import CourseError

if TYPE_CHECKING:
    from collections.abc import Iterator

STATEMENT_SECONDS = 30  # how long one statement waits for the gradebook; Python's own 5 are short for a class
BETWEEN = 0.2
IN_USE = (
    "Another program keeps the gradebook locked, {seconds:g} seconds long by now. What was graded so far is saved, "
    "nothing else was changed. Close that program and run the same command again."
)


@contextmanager
def turn(folder: Path) -> Iterator[bool]:
    """Hold one submission for this command; give False where another command holds it.

    The lock is on the folder itself and ends with the process, however that ends. Where there are no such locks
    (Windows, some network disks, a folder that is a link) nothing is held.
    """
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
    except (ImportError, OSError):
        yield True
        return
    try:
        yield _locked(fcntl, handle)
    finally:
        os.close(handle)


def _locked(fcntl: Any, handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def wait_for_gradebook(db_url: str, seconds: float, log: Any) -> None:
    """Return when the gradebook can be written, or raise after so many seconds; only SQLite is ever locked as a whole.

    Raises
    ------
    CourseError
        Another program did not let go of it.
    """
    path = sqlite_file(db_url)
    if path is None:
        return
    end = time.monotonic() + seconds
    said = False
    while not _writable(path):
        if not said:
            log.warning("Another program has locked the gradebook; waiting for it, at most %g seconds.", seconds)
            said = True
        if time.monotonic() >= end:
            raise CourseError(IN_USE.format(seconds=seconds))
        time.sleep(BETWEEN)


def be_patient() -> None:
    """Let every statement of this process wait for a locked SQLite gradebook a while before it fails."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    if not event.contains(Engine, "connect", _wait_longer):
        event.listen(Engine, "connect", _wait_longer)


def _wait_longer(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute(f"PRAGMA busy_timeout = {STATEMENT_SECONDS * 1000}")


def sqlite_file(db_url: str) -> Path | None:
    """Return the file of an SQLite gradebook that is there; None for another kind of database."""
    from sqlalchemy.engine import make_url

    url = make_url(db_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    path = Path(url.database)
    return path if path.is_file() else None


def _writable(path: Path) -> bool:
    """Whether nobody else is writing; what else may be wrong with the file shows where it is used."""
    try:
        with closing(sqlite3.connect(path, timeout=0.5, isolation_level=None)) as base:
            base.execute("BEGIN IMMEDIATE")
            base.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return "locked" not in str(error)
    except sqlite3.Error:
        return True
    return True
