"""What one call of a student's function did, as the judge sees it: plain numbers and short text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Outcome = Literal["returned", "raised", "timed-out", "died", "missing", "not-attempted", "unreadable"]


@dataclass(frozen=True)
class Frame:
    """One line of a student's traceback: the cell (1 = first code cell), line, source and function."""

    cell: str
    line: int
    source: str
    function: str


@dataclass(frozen=True)
class Raised:
    """An exception that left the student's code."""

    type: str
    message: str
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True)
class Question:
    """One call to make. ``arguments`` as on the card (numpy arrays and plain values)."""

    function: str
    probe: str
    arguments: Mapping[str, Any]
    options: Mapping[str, Any] = field(default_factory=dict)
    earlier: Mapping[str, Any] | None = None
    dtype: str = "float64"
    device: str = "cpu"


@dataclass(frozen=True)
class Observation:
    """The answer to one question.

    ``values``: name -> number, text, or numpy array (float64, float32, int64, bool). ``dtypes``: name -> torch's
    word for the dtype of what was returned ("float32"), for tensors only. ``faults``: (mistake id or "", sentence)
    pairs of the probe on form: "train_batch returns None". ``after``: the arguments as they were after the
    call, only those that are arrays. ``outcome`` "missing": no such function; "not-attempted": the stub's
    NotImplementedError; "died": the process ended; "unreadable": the answer was too large or malformed.
    """

    outcome: Outcome
    values: Mapping[str, Any] = field(default_factory=dict)
    dtypes: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[tuple[str, str], ...] = ()
    after: Mapping[str, Any] = field(default_factory=dict)
    error: Raised | None = None
    text: str = ""
    seconds: float = 0.0
