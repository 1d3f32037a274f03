"""The notebook's Python: IPython without a kernel, history, terminal or prompt.

The shell is made in the zygote, before any student's code, because its first start copies files and
takes a tenth of a second. Every session then runs in its own fork of it.
"""

from __future__ import annotations

import ast
import io
import subprocess
import sys
from dataclasses import replace
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from graders.engine.observation import Frame, Raised
from graders.engine.wire import CellRun, clean
from graders.engine.worker import failures
from graders.engine.worker.outputs import Recorder, stream

OUTPUT = 1_000_000
ENTER = "\n" * 1000  # whoever asks for input is answered by the Enter key
RECURSION = 1000  # what IPython itself needs, whatever a cell has set
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class CellCompiler(CachingCompiler):  # type: ignore[misc]
    """Compiles every cell under the name ``<cell N>`` and keeps its source for tracebacks."""

    cell = "1"

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """Return the file name of the running cell."""
        del raw_code, transformed_code, number
        return f"<cell {self.cell}>"


class RecordingHook(DisplayHook):  # type: ignore[misc]
    """Records the value of a cell's last line instead of printing it."""

    source = ""

    def quiet(self) -> bool:
        """Return whether the cell ends in a semicolon."""
        try:
            return bool(self.semicolon_at_end_of_expression(self.source))
        except Exception:
            return False

    def write_output_prompt(self) -> None:
        """Write no prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Record the formatted value."""
        del md_dict
        self.shell.recorder.shown("execute_result", format_dict)

    def log_output(self, format_dict: Any) -> None:
        """Keep no log."""

    def finish_displayhook(self) -> None:
        """End the display; nothing was printed."""
        self._is_active = False


class RecordingPublisher(DisplayPublisher):  # type: ignore[misc]
    """Records what ``display`` shows."""

    def publish(self, data: Any, *_: Any, **__: Any) -> None:
        """Record the shown value."""
        self.shell.recorder.shown("display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has shown so far."""
        del wait
        self.shell.recorder.take()


class Shell(InteractiveShell):  # type: ignore[misc]
    """An IPython shell whose every output goes to ``recorder``."""

    compiler_class = Type(CellCompiler)
    displayhook_class = Type(RecordingHook)
    display_pub_class = Type(RecordingPublisher)
    recorder: Recorder = Recorder()

    def showtraceback(self, exc_tuple: Any = None, *_: Any, **__: Any) -> None:
        """Record the running exception, with the lines of the student's cells only."""
        error = exc_tuple[1] if exc_tuple else sys.exc_info()[1]
        if error is not None:
            self.recorder.error(*words(error))

    def showsyntaxerror(self, *_: Any, **__: Any) -> None:
        """Record the running syntax error."""
        self.showtraceback()

    def show_usage_error(self, exc: BaseException) -> None:
        """Record a magic that was used wrongly."""
        self.recorder.error(*words(exc))

    def system(self, cmd: str) -> None:
        """Run a shell command as ``!cmd`` does, with its output recorded; there is no terminal for it."""
        command = ["/bin/sh", "-c", self.var_expand(cmd, depth=1)]
        nothing = subprocess.DEVNULL
        ended = subprocess.run(command, check=False, stdin=nothing, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.recorder.stream("stdout", ended.stdout[-OUTPUT:].decode("utf-8", "replace"))
        self.user_ns["_exit_code"] = ended.returncode

    def enable_gui(self, gui: Any = None) -> None:
        """Enable nothing: there is no screen."""


def make() -> Shell:
    """Return the shell, with inline figures and no history."""
    HistoryManager.enabled = False
    config = Config()
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Plain"
    config.InteractiveShell.separate_in = ""
    config.InlineBackend.figure_formats = set()
    shell: Shell = Shell.instance(config=config)
    for event, callbacks in shell.events.callbacks.items():
        for callback in list(callbacks):
            if "history" in getattr(callback, "__qualname__", "").lower():
                shell.events.unregister(event, callback)
    _inline_figures(shell)
    return shell


def _inline_figures(shell: Shell) -> None:
    from matplotlib_inline.backend_inline import configure_inline_support

    configure: Any = configure_inline_support
    configure(shell, "module://matplotlib_inline.backend_inline")


def begin(shell: Shell, *, pictures: bool) -> Recorder:
    """Prepare the shell for a submission: fresh streams, nobody who types, figures drawn if wanted."""
    recorder = Recorder(pictures=pictures)
    Shell.recorder = recorder
    if pictures:
        from IPython.core.pylabtools import select_figure_formats

        select_figure_formats(shell, {"png"})
    sys.stdin = io.StringIO(ENTER)
    return recorder


def silence() -> None:
    """Give the process streams that forget: what a function prints never counts."""
    sys.stdin = io.StringIO(ENTER)
    sys.stdout = stream(None, "stdout")
    sys.stderr = stream(None, "stderr")


def run(shell: Shell, recorder: Recorder, name: str, source: str, *, only_definitions: bool) -> CellRun:
    """Run one cell; with ``only_definitions`` just its imports, functions, classes and constants."""
    CellCompiler.cell = name
    RecordingHook.source = source
    sys.stdout, sys.stderr = recorder.streams()
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
    if only_definitions:
        source = definitions(source)
    error: BaseException | None = None
    try:
        result = shell.run_cell(source, store_history=False)
        error = result.error_before_exec or result.error_in_exec
    except BaseException as unexpected:  # IPython itself stumbled over the student's objects
        error = unexpected
        recorder.error(*words(unexpected))
    try:
        recorder.stdout.flush()
        recorder.stderr.flush()
    except BaseException:
        pass
    return CellRun(name, tuple(recorder.take()), None if error is None else raised(error))


def definitions(source: str) -> str:
    """Return the source with everything blanked that does something, line numbers kept."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    lines = source.splitlines()
    kept: set[int] = set()
    for node in body:
        if isinstance(node, DEFINITIONS) or _is_constant(node):
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            kept.update(range(first, (node.end_lineno or node.lineno) + 1))
    return "\n".join(line if number in kept else "" for number, line in enumerate(lines, 1))


def _is_constant(node: ast.stmt) -> bool:
    if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
        return False
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def raised(error: BaseException) -> Raised:
    """Return an exception as text, with the lines of the student's own cells."""
    seen = failures.raised(error)
    if isinstance(error, SyntaxError) and str(error.filename).startswith("<cell "):
        cell = str(error.filename).removeprefix("<cell ").removesuffix(">")
        line = Frame(cell, error.lineno or 0, clean(str(error.text or "").strip(), 500), "")
        return replace(seen, message=str(error.msg), frames=(*seen.frames, line))
    return seen


def words(error: BaseException) -> tuple[str, str, list[str]]:
    """Return an exception's name, message and traceback, without a path of this machine."""
    seen = raised(error)
    lines = ["Traceback (most recent call last):"]
    for frame in seen.frames:
        place = f", in {frame.function}" if frame.function else ""
        lines += [f"  Cell {frame.cell}, line {frame.line}{place}", f"    {frame.source}"]
    return seen.type, seen.message, [*lines, f"{seen.type}: {seen.message}"]
