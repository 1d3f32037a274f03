"""What a cell shows, collected as plain nbformat-like outputs and cut at a limit."""

from __future__ import annotations

import base64
import io
import re
import sysconfig
from typing import TYPE_CHECKING, Any

from graders.engine.wire import MIMES, clean

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT = 1_000_000
PICTURE_LIMIT = 4_000_000
PIECES = 1_000
CUT = "\n[the rest of the output is left out]\n"
PLACES = tuple({sysconfig.get_path(name) + "/" for name in ("purelib", "platlib", "stdlib")})
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class Recorder:
    """The outputs of the running cell; ``limit`` counts the characters of the whole submission."""

    def __init__(self, *, pictures: bool = False) -> None:
        self.pictures = pictures
        self.left = LIMIT
        self.picture_left = PICTURE_LIMIT
        self.outputs: list[dict[str, Any]] = []
        self.stdout, self.stderr = self.streams()

    def streams(self) -> tuple[io.TextIOWrapper, io.TextIOWrapper]:
        """Return new streams that record: a cell may have closed the ones before."""
        self.stdout, self.stderr = stream(self, "stdout"), stream(self, "stderr")
        return self.stdout, self.stderr

    def take(self) -> list[dict[str, Any]]:
        """Return the outputs since the last call."""
        outputs, self.outputs = self.outputs, []
        return outputs

    def stream(self, name: str, text: str) -> None:
        """Record what was printed; pieces of one stream are joined."""
        text = self._cut(text)
        if not text:
            return
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self._add({"output_type": "stream", "name": name, "text": text})

    def shown(self, kind: str, data: Mapping[str, Any]) -> None:
        """Record a displayed value; ``kind`` is ``display_data`` or ``execute_result``."""
        kept = {}
        for mime, shown in data.items():
            if mime == "image/png":
                picture = self._picture(shown)
                if picture:
                    kept[mime] = picture
            elif mime in MIMES and isinstance(shown, str):
                kept[mime] = self._cut(shown)
        if kept:
            self._add({"output_type": kind, "data": kept, "metadata": {}})

    def error(self, name: str, message: str, lines: list[str]) -> None:
        """Record an exception that left the cell."""
        lines = [clean(_COLOURS.sub("", line), 4000) for line in lines[-100:]]
        message = clean(message, 2000)
        self.outputs.append({"output_type": "error", "ename": name, "evalue": message, "traceback": lines})

    def _add(self, output: dict[str, Any]) -> None:
        if len(self.outputs) < PIECES:
            self.outputs.append(output)

    def _picture(self, shown: Any) -> str:
        if not self.pictures:
            return ""
        text = base64.b64encode(shown).decode() if isinstance(shown, bytes) else str(shown)
        if len(text) > self.picture_left:
            return ""
        self.picture_left -= len(text)
        return text

    def _cut(self, text: str) -> str:
        if self.left <= 0:
            return ""
        text = str(text)
        for place in PLACES:
            text = text.replace(place, "")
        if len(text) > self.left:
            text = text[: self.left] + CUT
        self.left -= len(text)
        return text


class Sink(io.RawIOBase):
    """The bytes a stream writes, handed to a recorder (or dropped)."""

    def __init__(self, recorder: Recorder | None, name: str) -> None:
        super().__init__()
        self._recorder = recorder
        self._name = name

    def writable(self) -> bool:
        """Return True: this is what it is for."""
        return True

    def fileno(self) -> int:
        """Return the descriptor a real stream would have; it leads nowhere."""
        return 2 if self._name == "stderr" else 1

    def write(self, data: Any) -> int:
        """Record the bytes as text."""
        raw = bytes(data)
        if self._recorder is not None:
            self._recorder.stream(self._name, raw.decode("utf-8", "backslashreplace"))
        return len(raw)


def stream(recorder: Recorder | None, name: str) -> io.TextIOWrapper:
    """Return a text stream like ``sys.stdout`` that records; without a recorder it forgets."""
    sink: Any = Sink(recorder, name)
    return io.TextIOWrapper(sink, encoding="utf-8", errors="backslashreplace", write_through=True)
