"""What a hostile or clumsy program is, and the cells every one of them starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graders.engine.source import Cell

if TYPE_CHECKING:
    from collections.abc import Mapping

RIGHT = """
def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    n = len(x)
    w, b = w0, b0
    ws, bs, losses = [float(w)], [float(b)], []
    for _ in range(epochs):
        error = w * x + b - y
        losses.append(float((error * error).sum() / n))
        w, b = w - lr * (2 / n) * (error * x).sum(), b - lr * (2 / n) * error.sum()
        ws.append(float(w))
        bs.append(float(b))
    return History(ws, bs, losses)
"""

# The cell before each program: imports, and what the test prepared for it to reach for.
SETUP = """
import ctypes, gc, inspect, json, os, signal, socket, struct, subprocess, sys, threading, time
from contextlib import suppress
from pathlib import Path
import numpy as np
import torch
from torch import Tensor
from graders import History

TARGET = {target!r}

def zeros(epochs):
    return History([0.0] * (epochs + 1), [0.0] * (epochs + 1), [0.0] * epochs)
"""

# For forgeries: frames like the worker's own, and every descriptor there is.
TOOLS = """
from graders.engine.observation import Observation
from graders.engine.wire import CellRun, cell_to_plain, observation_to_plain, pack

def answer(epochs=3, nonce="", **more):
    values = {"w": np.zeros(epochs + 1), "b": np.zeros(epochs + 1), "loss": np.zeros(epochs)}
    seen = observation_to_plain(Observation("returned", values={**values, **more}))
    return {"nonce": nonce, "observation": seen, }

def everywhere(data):
    for number in range(64):
        with suppress(OSError):
            os.write(number, data)

def found_in_callers(name):
    frame = sys._getframe(1)
    while frame is not None:
        if name in frame.f_locals:
            return frame.f_locals[name]
        frame = frame.f_back
    return None
"""


@dataclass(frozen=True)
class Program:
    """One submission.

    ``score``: what it earns of the points of ``train_batch`` (None: its answer is right, and whatever part of it
    survives is earned). ``everywhere``: it does no harm, so it runs at the level ``process`` as well.
    """

    name: str
    source: str
    score: float | None = 0.0
    everywhere: bool = True

    def cells(self, target: Mapping[str, Any], *, tools: bool = False) -> list[Cell]:
        """Return the submission's cells."""
        setup = SETUP.replace("{target!r}", repr(dict(target))) + (TOOLS if tools else "")
        parts = [part for part in self.source.split("\n# %%\n") if part.strip()]
        return [Cell(str(number), part) for number, part in enumerate([setup, *parts], 1)]


def train(body: str) -> str:
    """Return a ``train_batch`` with the contract's hints and this body."""
    lines = "\n".join("    " + line for line in body.strip("\n").splitlines())
    head = "def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:"
    return f"{head}\n{lines}\n"
