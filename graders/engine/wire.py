"""Frames between judge and worker: bounded, strict, and free of objects.

A frame is a length (8 bytes, little-endian), then a body: the length of a JSON header (4 bytes), the header,
and the raw little-endian bytes of the arrays in the order the header lists them. A worker runs a student's
program, so any bytes may arrive; reading them gives plain values or raises :class:`WireError`, nothing else.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from typing import Any, cast, get_args

import numpy as np

from graders.engine.observation import Frame, Observation, Outcome, Question, Raised

LENGTH = struct.Struct("<Q")
HEADER = struct.Struct("<I")
DTYPES = {"float64": "<f8", "float32": "<f4", "int64": "<i8", "bool": "?"}
MAX_FRAME = 64 << 20
MAX_HEADER = 8 << 20
MAX_DIMENSIONS = 16
MAX_ARRAYS = 100_000
MAX_TEXT = 20_000
MAX_OUTPUT_TEXT = MAX_HEADER
MAX_INT = 2**63
WORDS = 500

# The judge alone says "timed-out" and "died".
SPOKEN: frozenset[str] = frozenset(get_args(Outcome)) - {"timed-out", "died"}


class WireError(ValueError):
    """These bytes (or this value) are no frame."""


@dataclass(frozen=True)
class CellRun:
    """What one cell did: plain nbformat-like outputs, and the exception that left it."""

    name: str
    outputs: tuple[dict[str, Any], ...] = ()
    error: Raised | None = None


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """Return ``text`` without lone surrogates and no longer than ``limit`` characters."""
    if len(text) > limit:
        text = text[: max(limit - 1, 0)] + "…"
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


# -- any plain value ------------------------------------------------------------------------------------------


def pack(value: Any, limit: int = MAX_FRAME) -> bytes:
    """Return the frame of a plain value: None, bool, int, float, str, array, or a list or dict of those."""
    arrays: list[np.ndarray[Any, Any]] = []
    try:
        tree = _write(value, arrays)
        shapes = [[array.dtype.name, list(array.shape)] for array in arrays]
        header = json.dumps({"value": tree, "arrays": shapes}, separators=(",", ":")).encode("ascii")
    except RecursionError:
        raise WireError("the value is nested too deeply") from None
    parts = [array.astype(DTYPES[array.dtype.name], copy=False).tobytes() for array in arrays]
    size = HEADER.size + len(header) + sum(map(len, parts))
    if len(header) > MAX_HEADER or size > limit:
        raise WireError(f"the value takes {size} bytes; {limit} are allowed")
    return b"".join([LENGTH.pack(size), HEADER.pack(len(header)), header, *parts])


def _write(value: Any, arrays: list[np.ndarray[Any, Any]]) -> Any:
    kind = type(value)
    if value is None or kind is bool or kind is float:
        return value
    if kind is str:
        return clean(value, MAX_OUTPUT_TEXT)
    if kind is int:
        return value if -MAX_INT <= value < MAX_INT else _huge(value)
    if isinstance(value, np.ndarray):
        if value.dtype.name not in DTYPES:
            raise WireError(f"an array of dtype {value.dtype.name} can't be sent")
        arrays.append(np.asarray(value))
        return {"a": len(arrays) - 1}
    if isinstance(value, np.generic):
        return _write(value.item(), arrays)
    if isinstance(value, (list, tuple)):
        return [_write(item, arrays) for item in value]
    if isinstance(value, dict):
        return {"d": [[_key(key), _write(item, arrays)] for key, item in value.items()]}
    for base in (float, int, str):  # an own subclass becomes what it plainly is
        if isinstance(value, base):
            return _write(base(value), arrays)
    raise WireError(f"a {clean(kind.__name__, WORDS)} can't be sent")


def _huge(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _key(key: Any) -> Any:
    if isinstance(key, np.generic):
        key = key.item()
    if type(key) is int and not -MAX_INT <= key < MAX_INT:
        return _huge(key)
    if type(key) in {str, int, float, bool}:
        return clean(key, WORDS) if isinstance(key, str) else key
    raise WireError(f"a key of type {clean(type(key).__name__, WORDS)} can't be sent")


def unpack(frame: bytes, limit: int = MAX_FRAME) -> Any:
    """Return the plain value of a whole frame."""
    if len(frame) < LENGTH.size:
        raise WireError("the frame is cut short")
    (size,) = LENGTH.unpack_from(frame)
    if size > limit:
        raise WireError(f"the frame announces {size} bytes; {limit} are allowed")
    if size != len(frame) - LENGTH.size:
        raise WireError("the frame's length is not the announced one")
    return unpack_body(frame[LENGTH.size :])


def unpack_body(body: bytes) -> Any:
    """Return the plain value of a frame's body (the frame without its leading length)."""
    try:
        return _unpack_body(body)
    except WireError:
        raise
    except (RecursionError, MemoryError, ArithmeticError, LookupError) as error:
        raise WireError(f"the frame can't be read ({type(error).__name__})") from None
    except (ValueError, TypeError, AttributeError, struct.error) as error:
        raise WireError(f"the frame can't be read ({type(error).__name__})") from None


def _unpack_body(body: bytes) -> Any:
    (length,) = HEADER.unpack_from(body)
    start = HEADER.size + length
    if length > MAX_HEADER or start > len(body):
        raise WireError("the frame's header is too long")
    header = json.loads(body[HEADER.size : start].decode("ascii"))
    if type(header) is not dict or set(header) != {"value", "arrays"}:
        raise WireError("the frame's header lacks its two fields")
    arrays = _arrays(header["arrays"], memoryview(body)[start:])
    used: set[int] = set()
    value = _read(header["value"], arrays, used)
    if len(used) != len(arrays):
        raise WireError("an array of the frame is not used")
    return value


def _arrays(entries: Any, data: memoryview) -> list[np.ndarray[Any, Any]]:
    if type(entries) is not list or len(entries) > MAX_ARRAYS:
        raise WireError("the list of arrays is no list")
    arrays = []
    for entry in entries:
        name, shape = entry
        if type(name) is not str or type(shape) is not list or len(shape) > MAX_DIMENSIONS:
            raise WireError("an array's description is not dtype and shape")
        if any(type(side) is not int or not 0 <= side <= MAX_FRAME for side in shape):
            raise WireError("an array's shape is no list of sizes")
        dtype = np.dtype(DTYPES[name])
        count = math.prod(shape)
        size = count * dtype.itemsize
        if size > len(data):
            raise WireError("an array has fewer bytes than its shape says")
        chunk, data = data[:size], data[size:]
        if name == "bool":
            array = np.frombuffer(chunk, dtype=np.uint8, count=count) != 0
        else:
            array = np.frombuffer(chunk, dtype=dtype, count=count).astype(dtype.newbyteorder("="))
        arrays.append(array.reshape(shape))
    if len(data):
        raise WireError("bytes are left over after the last array")
    return arrays


def _read(node: Any, arrays: list[np.ndarray[Any, Any]], used: set[int]) -> Any:
    kind = type(node)
    if node is None or kind is bool or kind is float:
        return node
    if kind is int:
        if not -MAX_INT <= node < MAX_INT:
            raise WireError("an integer is too large")
        return node
    if kind is str:
        return clean(node, MAX_OUTPUT_TEXT)
    if kind is list:
        return [_read(item, arrays, used) for item in node]
    if kind is not dict or len(node) != 1:
        raise WireError("a node of the frame is of no known kind")
    if "d" in node:
        return {_key(key): _read(item, arrays, used) for key, item in node["d"]}
    index = node["a"]
    if type(index) is not int or not 0 <= index < len(arrays) or index in used:
        raise WireError("an array is named that is not there")
    used.add(index)
    return arrays[index]


# -- the four things that travel ------------------------------------------------------------------------------


def question_to_plain(question: Question) -> dict[str, Any]:
    """Return the question as a plain value."""
    return {
        "function": question.function,
        "probe": question.probe,
        "arguments": dict(question.arguments),
        "options": dict(question.options),
        "earlier": None if question.earlier is None else dict(question.earlier),
        "dtype": question.dtype,
        "device": question.device,
    }


def question_from_plain(plain: Any) -> Question:
    """Read a question back (the worker's side; the judge is trusted)."""
    return Question(**_record(plain, Question))


def raised_to_plain(error: Raised | None) -> Any:
    """Return an exception as a plain value, its text cut."""
    if error is None:
        return None
    frames = [[f.cell, f.line, clean(f.source, WORDS), clean(f.function, WORDS)] for f in error.frames[-50:]]
    return {"type": clean(error.type, WORDS), "message": clean(error.message, 2000), "frames": frames}


def raised_from_plain(plain: Any) -> Raised | None:
    """Read an exception from a worker; anything unexpected is a :class:`WireError`."""
    if plain is None:
        return None
    record = _record(plain, Raised)
    frames = []
    for entry in _list(record["frames"], 50):
        if type(entry) is not list or len(entry) != 4 or type(entry[1]) is not int:
            raise WireError("a line of a traceback is malformed")
        cell, line, source, function = entry
        frames.append(Frame(_text(cell, 50), line, _text(source, WORDS), _text(function, WORDS)))
    return Raised(_text(record["type"], WORDS), _text(record["message"], 2000), tuple(frames))


def observation_to_plain(seen: Observation) -> dict[str, Any]:
    """Return an observation as a plain value, its text cut."""
    return {
        "outcome": seen.outcome,
        "values": dict(seen.values),
        "dtypes": dict(seen.dtypes),
        "faults": [[clean(mistake, WORDS), clean(words, WORDS)] for mistake, words in seen.faults[:100]],
        "after": dict(seen.after),
        "error": raised_to_plain(seen.error),
        "text": clean(seen.text),
        "seconds": float(seen.seconds),
    }


def observation_from_plain(plain: Any) -> Observation:
    """Read an observation from a worker; anything unexpected is a :class:`WireError`."""
    record = _record(plain, Observation)
    if type(record["outcome"]) is not str or record["outcome"] not in SPOKEN:
        raise WireError("the answer's outcome is no known word")
    seconds = record["seconds"]
    if type(seconds) is not float or not 0.0 <= seconds < 1e9:
        raise WireError("the answer's seconds are no number of seconds")
    faults = []
    for entry in _list(record["faults"], 100):
        if type(entry) is not list or len(entry) != 2:
            raise WireError("a fault of the answer is malformed")
        faults.append((_text(entry[0], WORDS), _text(entry[1], WORDS)))
    dtypes = _named(record["dtypes"])
    return Observation(
        outcome=cast("Outcome", record["outcome"]),
        values={name: _short(value) for name, value in _named(record["values"]).items()},
        dtypes={name: _text(word, 50) for name, word in dtypes.items()},
        faults=tuple(faults),
        after=_named(record["after"]),
        error=raised_from_plain(record["error"]),
        text=_text(record["text"], MAX_TEXT),
        seconds=seconds,
    )


def cell_to_plain(run: CellRun) -> dict[str, Any]:
    """Return what a cell did as a plain value."""
    return {"name": run.name, "outputs": list(run.outputs), "error": raised_to_plain(run.error)}


def cell_from_plain(plain: Any) -> CellRun:
    """Read what a cell did; outputs keep only the four kinds and fields nbformat knows."""
    record = _record(plain, CellRun)
    outputs = tuple(_output(entry) for entry in _list(record["outputs"], 10_000))
    return CellRun(_text(record["name"], 50), outputs, raised_from_plain(record["error"]))


def _output(entry: Any) -> dict[str, Any]:
    kind = entry.get("output_type") if type(entry) is dict else None
    if kind == "stream":
        name = "stderr" if entry.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _text(entry.get("text"), MAX_OUTPUT_TEXT)}
    if kind == "error":
        lines = [_text(line, MAX_TEXT) for line in _list(entry.get("traceback"), 500)]
        words = {key: _text(entry.get(key), MAX_TEXT) for key in ("ename", "evalue")}
        return {"output_type": "error", **words, "traceback": lines}
    if kind in {"execute_result", "display_data"}:
        data = _named(entry.get("data"))
        kept = {mime: _text(text, MAX_OUTPUT_TEXT) for mime, text in data.items() if mime in MIMES}
        output: dict[str, Any] = {"output_type": kind, "data": kept, "metadata": {}}
        return {**output, "execution_count": None} if kind == "execute_result" else output
    raise WireError("an output is of no known kind")


MIMES = frozenset({"text/plain", "text/html", "text/markdown", "text/latex", "image/png"})


# -- strict readers -------------------------------------------------------------------------------------------


def _record(plain: Any, kind: type) -> dict[str, Any]:
    if type(plain) is not dict or set(plain) != set(kind.__dataclass_fields__):  # type: ignore[attr-defined]
        raise WireError(f"this is no {kind.__name__}")
    return plain


def _named(plain: Any) -> dict[str, Any]:
    if type(plain) is not dict or len(plain) > 10_000 or any(type(name) is not str for name in plain):
        raise WireError("this is no mapping of names")
    return plain


def _list(plain: Any, limit: int) -> list[Any]:
    if type(plain) is not list or len(plain) > limit:
        raise WireError("this is no list, or too long a one")
    return plain


def _short(value: Any) -> Any:
    """Cut every text inside a value."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_short(item) for item in value]
    if isinstance(value, dict):
        return {key: _short(item) for key, item in value.items()}
    return value


def _text(plain: Any, limit: int) -> str:
    if type(plain) is not str:
        raise WireError("this is no text")
    return clean(plain, limit)
