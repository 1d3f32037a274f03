"""What left a student's function as an exception, in plain words; and whether it was attempted at all."""

from __future__ import annotations

import ast
import dis
import inspect
import linecache
import re
import sysconfig
import textwrap
import traceback
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from graders.engine.observation import Frame, Raised

MESSAGE = 2000
SOURCE = 300
FIRST_FRAMES, LAST_FRAMES = 5, 15
CELL = re.compile(r"<cell (.+)>")
OURS = str(Path(__file__).resolve().parents[2])
LIBRARIES = (*(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")), OURS)
IDLE = {"RESUME", "NOP", "CACHE", "PRECALL", "PUSH_NULL", "COPY_FREE_VARS", "MAKE_CELL", "KW_NAMES", "NOT_TAKEN"}


class StudentError(Exception):
    """An exception (of any kind) that left the student's code, kept away from our own."""

    def __init__(self, error: BaseException) -> None:
        super().__init__("the student's code raised")
        self.error = error


def raised(error: BaseException) -> Raised:
    """Return type, message and the frames of student code only."""
    name = type.__getattribute__(type(error), "__name__")
    try:
        message = str.__str__(str(error))
    except BaseException:
        message = ""
    return Raised(type=str(name), message=message[:MESSAGE], frames=frames(error))


def frames(error: BaseException) -> tuple[Frame, ...]:
    """Return the student's lines on the way to the exception, outermost first; a long way is cut in the middle."""
    found = [
        Frame(
            cell=_cell(frame.f_code.co_filename) or "",
            line=line or 0,
            source=linecache.getline(frame.f_code.co_filename, line or 0, frame.f_globals).strip()[:SOURCE],
            function=frame.f_code.co_name,
        )
        for frame, line in traceback.walk_tb(error.__traceback__)
        if _cell(frame.f_code.co_filename) is not None
    ]
    if len(found) > FIRST_FRAMES + LAST_FRAMES:
        found = found[:FIRST_FRAMES] + found[-LAST_FRAMES:]
    return tuple(found)


def _cell(filename: str) -> str | None:
    """Return the cell's number, "" for another file of the student, None for libraries and the grader."""
    cell = CELL.fullmatch(filename)
    if cell:
        return cell[1]
    if filename.startswith("<") or "site-packages" in filename or "dist-packages" in filename:
        return None
    return None if filename.startswith(LIBRARIES) else ""


def is_stub(function: Any) -> bool:
    """Tell whether a function (or every method of a class) holds nothing but its docstring and the stub's line."""
    if isinstance(function, type):
        methods = [item for item in vars(function).values() if isinstance(item, FunctionType)]
        return bool(methods) and all(is_stub(method) for method in methods)
    try:
        inner = inspect.unwrap(function)
    except Exception:
        return False
    if not isinstance(inner, FunctionType) or not _does_nothing(inner.__code__):
        return False
    return _holds_nothing(inner)


def _does_nothing(code: CodeType) -> bool:
    """Tell from the byte code whether it only returns None or raises NotImplementedError."""
    if code.co_names not in ((), ("NotImplementedError",)):
        return False
    steps = [step for step in dis.get_instructions(code) if step.opname not in IDLE]
    names = [step.opname for step in steps]
    if names in (["LOAD_CONST", "RETURN_VALUE"], ["RETURN_CONST"]):
        return steps[0].argval is None
    known = {"LOAD_GLOBAL", "LOAD_CONST", "CALL", "RAISE_VARARGS"}
    return code.co_names == ("NotImplementedError",) and "RAISE_VARARGS" in names and set(names) <= known


def _holds_nothing(function: FunctionType) -> bool:
    """Tell from the source, where there is one: ``return None`` or code after the stub's line is an attempt."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except Exception:
        return True
    definition = tree.body[0]
    if not isinstance(definition, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return True
    return all(
        isinstance(line, (ast.Pass, ast.Raise)) or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
        for line in definition.body
    )
