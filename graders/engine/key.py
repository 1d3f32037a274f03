"""A key: the judge's knowledge of one exercise. Numbers only, no code.

For every case it holds the inputs, the expected result, and the results of the known mistakes. The same key serves
every frontend, dtype and device.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from graders.engine.card import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graders.engine.card import Value
    from graders.engine.screen import Form, Screen

SCHEMA = "descentlab-key/1"
DTYPES = {"float64": "<f8", "int64": "<i8", "bool": "|b1"}


class DamagedKeyError(ValueError):
    """A key file that cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class CaseKey:
    """One case with what the reference answers."""

    case: Case
    hidden: bool
    expected: Mapping[str, Value]


class Answers(Sequence["Mapping[str, Value] | None"]):
    """What a mistake answers, case by case, each computed when it is first asked for.

    ``make`` returns the answer on the case at a place below ``count``.
    """

    def __init__(self, count: int, make: Callable[[int], Mapping[str, Value] | None]) -> None:
        self._count, self._make = count, make
        self._known: dict[int, Mapping[str, Value] | None] = {}

    @overload
    def __getitem__(self, place: int) -> Mapping[str, Value] | None: ...

    @overload
    def __getitem__(self, place: slice) -> Answers: ...

    def __getitem__(self, place: int | slice) -> Mapping[str, Value] | Answers | None:
        chosen = range(self._count)[place]
        if isinstance(chosen, range):
            return Answers(len(chosen), lambda k: self[chosen[k]])
        if chosen not in self._known:
            self._known[chosen] = self._make(chosen)
        return self._known[chosen]

    def __len__(self) -> int:
        return self._count

    def __add__(self, other: Answers) -> Answers:
        mine = self._count
        return Answers(mine + other._count, lambda k: self[k] if k < mine else other[k - mine])


@dataclass(frozen=True, eq=False)
class MistakeKey:
    """What one known mistake (or pair) answers on every case, in the order of the key's cases."""

    id: str
    answers: Answers


@dataclass(frozen=True, eq=False)
class Key:
    """The judge's knowledge of one exercise.

    ``pairs`` gives the pairs of mistakes; hundreds of them, computed when the first is asked for. ``ties``: ids that
    no data can separate. ``screened``: the screens of :mod:`graders.engine.screen` that are known already, by kind.
    """

    slug: str
    exercise: str
    cases: tuple[CaseKey, ...]
    mistakes: tuple[MistakeKey, ...] = ()
    pairs: Callable[[], tuple[MistakeKey, ...]] = tuple
    ties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    screened: Mapping[str, Mapping[Form, Screen]] = field(default_factory=dict)


def plain(value: Value) -> Any:
    """Return a value as JSON: arrays as little-endian bytes in base64 with dtype and shape."""
    if isinstance(value, np.ndarray):
        dtype = DTYPES[str(value.dtype)]
        data = base64.b64encode(np.ascontiguousarray(value).astype(dtype).tobytes()).decode("ascii")
        return {"array": str(value.dtype), "shape": list(value.shape), "data": data}
    if isinstance(value, dict):
        return {"dict": [[plain(name), plain(item)] for name, item in value.items()]}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    return value


def unplain(value: Any) -> Value:
    """Return what :func:`plain` was given."""
    if isinstance(value, list):
        return [unplain(item) for item in value]
    if isinstance(value, dict) and "dict" in value:
        return {unplain(name): unplain(item) for name, item in value["dict"]}
    if isinstance(value, dict):
        data = base64.b64decode(value["data"])
        array = np.frombuffer(data, dtype=DTYPES[value["array"]]).reshape(value["shape"])
        return array.astype(value["array"])
    return value


def _case(key: CaseKey) -> dict[str, Any]:
    case = key.case
    return {
        "name": case.name,
        "sentence": case.sentence,
        "arguments": plain(dict(case.arguments)),
        "trivial": case.trivial,
        "stable": case.stable,
        "options": plain(dict(case.options)),
        "earlier": None if case.earlier is None else plain(dict(case.earlier)),
        "expected": plain(dict(key.expected)),
    }


def _read_case(record: Mapping[str, Any]) -> CaseKey:
    case = Case(
        name=record["name"],
        sentence=record["sentence"],
        arguments=unplain(record["arguments"]),
        trivial=record["trivial"],
        stable=record["stable"],
        options=unplain(record["options"]),
        earlier=unplain(record["earlier"]),
    )
    return CaseKey(case, hidden=False, expected=unplain(record["expected"]))


def written_cases(key: Key) -> list[dict[str, Any]]:
    """Return the cases of a key, hidden ones included, as JSON; for the teacher's own disk only."""
    return [{**_case(case), "hidden": case.hidden} for case in key.cases]


def read_cases(records: Iterable[Mapping[str, Any]]) -> tuple[CaseKey, ...]:
    """Return what :func:`written_cases` was given."""
    return tuple(replace(_read_case(record), hidden=bool(record["hidden"])) for record in records)


def _read_mistake(record: Mapping[str, Any]) -> MistakeKey:
    answers = list(record["answers"])
    return MistakeKey(record["id"], Answers(len(answers), lambda place: unplain(answers[place])))


def dump(keys: Iterable[Key]) -> str:
    """Return keys as the text of a public key file. Hidden cases are refused with ValueError."""
    records = []
    for key in keys:
        if any(case.hidden for case in key.cases):
            raise ValueError(f"the key of {key.exercise} holds a hidden case and must not be written to a file")
        records.append(
            {
                "slug": key.slug,
                "exercise": key.exercise,
                "cases": [_case(case) for case in key.cases],
                "mistakes": [
                    {"id": mistake.id, "answers": [plain(answer) for answer in mistake.answers]}
                    for mistake in key.mistakes
                ],
                "ties": {name: list(others) for name, others in key.ties.items()},
            },
        )
    lines = ",\n".join(json.dumps(record, separators=(",", ":")) for record in records)
    return f'{{"schema": "{SCHEMA}", "keys": [\n{lines}\n]}}\n'


def load(text: str) -> dict[str, Key]:
    """Read a public key file.

    Raises
    ------
    DamagedKeyError
        The text is no key, or a key of another version.
    """
    try:
        document = json.loads(text)
        schema = document["schema"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedKeyError("the key file is damaged; fetch the assignment's folder again") from error
    if schema != SCHEMA:
        raise DamagedKeyError(
            f"the key file has the form {schema!r}, this descentlab reads {SCHEMA!r}; install the other's version"
        )
    try:
        keys = {}
        for record in document["keys"]:
            keys[record["exercise"]] = Key(
                slug=record["slug"],
                exercise=record["exercise"],
                cases=tuple(_read_case(case) for case in record["cases"]),
                mistakes=tuple(_read_mistake(mistake) for mistake in record["mistakes"]),
                ties={name: tuple(others) for name, others in record["ties"].items()},
            )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedKeyError("the key file is damaged; fetch the assignment's folder again") from error
    return keys


def joined(first: Key, second: Key) -> Key:
    """Return one key with the cases of both, in order (public first, then hidden)."""

    def join(left: tuple[MistakeKey, ...], right: tuple[MistakeKey, ...]) -> tuple[MistakeKey, ...]:
        return tuple(MistakeKey(one.id, one.answers + other.answers) for one, other in zip(left, right, strict=True))

    return Key(
        slug=first.slug,
        exercise=first.exercise,
        cases=first.cases + second.cases,
        mistakes=join(first.mistakes, second.mistakes),
        pairs=cache(lambda: join(first.pairs(), second.pairs())),
        ties=first.ties,
    )
