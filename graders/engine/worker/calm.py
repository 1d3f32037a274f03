"""Every call starts from the ordinary global state, and leaves the state as it was."""

from __future__ import annotations

import contextlib
import io
import random
import sys
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.utils import _device

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = 10_000
RECURSION = 1000


class Captured(io.TextIOBase):
    """What a call prints, cut at ``TEXT`` characters."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        """Keep the text as long as there is room."""
        if len(self.text) < TEXT:
            self.text += str(text)[: TEXT - len(self.text)]
        return len(text)

    def writable(self) -> bool:
        """Say yes, as a stream of output does."""
        return True


@contextlib.contextmanager
def calm(printed: Captured) -> Iterator[None]:
    """Run the body in the ordinary state: gradients on, float32 by default, warnings silent, output kept."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(contextlib.redirect_stdout(printed))
        stack.enter_context(contextlib.redirect_stderr(printed))
        stack.enter_context(np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"))
        stack.enter_context(_torch_state())
        stack.enter_context(_random_state())
        stack.enter_context(_figures())
        stack.callback(sys.setrecursionlimit, sys.getrecursionlimit())
        sys.setrecursionlimit(max(RECURSION, sys.getrecursionlimit()))
        yield


@contextlib.contextmanager
def _torch_state() -> Iterator[None]:
    """Set torch's switches as they are at the start of a process."""
    dtype, device = torch.get_default_dtype(), _device.CURRENT_DEVICE
    anomaly, check = torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()
    deterministic = torch.are_deterministic_algorithms_enabled()
    warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
    try:
        torch.set_default_dtype(torch.float32)
        if device is not None:
            torch.set_default_device(None)
        if anomaly:
            torch.autograd.set_detect_anomaly(mode=False)
        if deterministic:
            torch.use_deterministic_algorithms(mode=False)
        with torch.inference_mode(mode=False), torch.enable_grad():
            yield
    finally:
        torch.set_default_dtype(dtype)
        if _device.CURRENT_DEVICE is not device:
            torch.set_default_device(device)
        if torch.is_anomaly_enabled() != anomaly:
            torch.autograd.set_detect_anomaly(mode=anomaly, check_nan=check)
        if torch.are_deterministic_algorithms_enabled() != deterministic:
            torch.use_deterministic_algorithms(mode=deterministic, warn_only=warn_only)


@contextlib.contextmanager
def _random_state() -> Iterator[None]:
    """Put the three global random generators back afterwards."""
    state, numpy_state, python_state = torch.get_rng_state(), np.random.get_state(), random.getstate()  # noqa: NPY002
    try:
        yield
    finally:
        torch.set_rng_state(state)
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(python_state)


def _show_nothing(*_: Any, **__: Any) -> None:
    """Stand in for ``plt.show``: nobody is looking."""


@contextlib.contextmanager
def _figures() -> Iterator[None]:
    """Close the figures that the body opened; keep ``plt.show`` from opening windows."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    before = set(pyplot.get_fignums()) if pyplot else set()
    show = pyplot.show if pyplot else None
    try:
        if pyplot:
            pyplot.show = _show_nothing
        yield
    finally:
        if pyplot:
            pyplot.show = show
        pyplot = sys.modules.get("matplotlib.pyplot")
        for number in set(pyplot.get_fignums()) - before if pyplot else ():
            pyplot.close(number)
