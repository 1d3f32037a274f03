"""One question, one answer: call the student's function and read what it did into plain numbers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import torch

from graders.engine.observation import Observation
from graders.engine.worker import arguments
from graders.engine.worker.calm import Captured, calm
from graders.engine.worker.failures import StudentError, frames, is_stub, raised
from graders.engine.worker.probes import find
from graders.engine.worker.probes.asked import Asked, Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graders.engine.observation import Question

UNCALLED = ("signature",)  # probes that look at a function without calling it


def answer(namespace: Mapping[str, Any], question: Question) -> Observation:
    """Return what the function of that name does when it is called as the question says.

    Whatever leaves the student's code is part of the answer; an exception of this function is the grader's own.
    """
    if question.function not in namespace:
        return Observation("missing")
    function = namespace[question.function]
    if not callable(function):
        kind = type(function).__name__
        return Observation("missing", faults=(("", f"{question.function} is no function but of type {kind}."),))
    if question.probe not in UNCALLED and is_stub(function):
        return Observation("not-attempted")
    printed = Captured()
    started = time.perf_counter()
    with calm(printed):
        observed = _observe(function, question)
    seconds = time.perf_counter() - started
    return Observation(**observed, text=printed.text, seconds=seconds)


def _observe(function: Any, question: Question) -> dict[str, Any]:
    """Make the earlier call, then the one that counts."""
    probe = find(question.probe)
    memory: dict[str, Any] = {}
    asked = _ask(function, question, question.arguments, memory)
    try:
        if question.earlier is not None:
            probe(_ask(function, question, question.earlier, memory))
            torch.set_grad_enabled(mode=True)
            torch.set_default_dtype(torch.float32)
            memory["backwards"] = 0
        reading = probe(asked)
    except StudentError as stopped:
        return _stopped(asked, stopped.error)
    except Exception as error:
        if not frames(error):
            raise
        return _stopped(asked, error)
    return _finished(asked, reading)


def _ask(function: Any, question: Question, values: Mapping[str, Any], memory: dict[str, Any]) -> Asked:
    """Return everything a probe needs for one call."""
    return Asked(
        function=function,
        name=question.function,
        arguments=values,
        options=question.options,
        dtype=getattr(torch, question.dtype),
        device=torch.device(question.device),
        memory=memory,
    )


def _stopped(asked: Asked, error: BaseException) -> dict[str, Any]:
    """Describe an exception; ``backwards`` says how many backward passes had succeeded by then."""
    return {
        "outcome": "raised",
        "error": raised(error),
        "values": {"backwards": asked.memory.get("backwards", 0)},
        "after": arguments.after(asked.built, asked.arguments),
    }


def _finished(asked: Asked, reading: Reading) -> dict[str, Any]:
    """Describe a call that returned."""
    return {
        "outcome": "returned",
        "values": reading.values,
        "dtypes": reading.dtypes,
        "faults": tuple(reading.faults),
        "after": arguments.after(asked.built, asked.arguments),
    }
