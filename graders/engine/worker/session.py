"""The student's process: runs the cells once, then answers every question in a fresh fork.

What this file needs is bound when it is imported, in the zygote: a program that replaces ``os.fork`` or
``json.dumps`` hurts its own answers at most.
"""

from __future__ import annotations

import gc
import importlib
import os
import select
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from graders.engine.observation import Observation
from graders.engine.wire import (
    CellRun,
    WireError,
    cell_to_plain,
    clean,
    observation_to_plain,
    pack,
    question_from_plain,
    unpack_body,
)
from graders.engine.worker import shell as shells
from graders.engine.worker.channel import Channel, ClosedError, LateError, wait

if TYPE_CHECKING:
    from collections.abc import Callable

_fork, _exit, _waitpid, _kill, _killpg = os.fork, os._exit, os.waitpid, os.kill, os.killpg
_now, _collect, _freeze, _setpgid = time.monotonic, gc.collect, gc.freeze, os.setpgid
_waitid, _close = os.waitid, os.close
_pidfd_open = getattr(os, "pidfd_open", None)
_signal, _alarm, _socket = signal.signal, signal.setitimer, socket.socket

NAMES = 2000
ENDINGS: dict[int, str] = {signal.SIGSEGV: "a segmentation fault", signal.SIGABRT: "an abort", signal.SIGKILL: "a kill"}


def load_answer(module: str) -> Callable[..., Observation]:
    """Return the function that answers questions (imported in the zygote, so that it is warm)."""
    found: Callable[..., Observation] = importlib.import_module(module).answer
    return found


def serve(sock: socket.socket, shell: shells.Shell, answer: Callable[..., Observation]) -> NoReturn:
    """Run the cells the judge sends, then answer its questions until it closes the socket."""
    control = Channel(sock, takes_descriptors=True)
    try:
        control.send({"ready": True})
        order = control.receive()
        recorder = shells.begin(shell, pictures=order["pictures"])
        for name, source, mode in order["cells"]:
            run = shells.run(shell, recorder, name, source, only_definitions=mode == "definitions")
            control.send(_cell(run))
        shells.silence()
        names = [clean(name, 200) for name in list(shell.user_ns) if type(name) is str]
        control.send({"names": names[:NAMES]})
        _freeze()
        _answer_all(control, shell, answer)
    except (ClosedError, WireError):
        pass
    finally:
        _exit(0)


def _cell(run: CellRun) -> Any:
    plain = cell_to_plain(run)
    try:
        pack(plain)
    except WireError:
        plain["outputs"] = []
    return plain


@dataclass
class _Child:
    """A process that answers one question: the question's number, its id, and a handle that tells its end."""

    number: int
    pid: int
    handle: int


def _answer_all(control: Channel, shell: shells.Shell, answer: Callable[..., Observation]) -> None:
    children: list[_Child] = []
    while True:
        for child in _wait(control, children):
            children.remove(child)
            control.send({"ended": child.number, "how": _end(child)})
        for order in _orders(control):
            if "ask" in order:
                _ask(control, order, children, shell, answer)
            for child in children:
                if child.number == order.get("kill"):
                    _stop(child.pid)


def _orders(control: Channel) -> list[dict[str, Any]]:
    """Return the orders that have arrived."""
    orders = []
    while (body := control.take()) is not None:
        orders.append(unpack_body(body))
    return orders


def _ask(
    control: Channel,
    order: dict[str, Any],
    children: list[_Child],
    shell: shells.Shell,
    answer: Callable[..., Observation],
) -> None:
    """Fork a child for one question; earlier children have answered and are on their way out."""
    for child in children:
        _stop(child.pid)
    descriptor = control.descriptors.pop()
    if order.get("here"):
        _answer_one(control, descriptor, shell, answer)
    try:
        pid = _fork()
    except OSError as error:
        how = f"no new process could be started ({error.strerror})"
        control.send({"ended": order["ask"], "how": how})
    else:
        if pid == 0:
            _answer_one(control, descriptor, shell, answer)
        children.append(_Child(order["ask"], pid, _handle(pid)))
    _close(descriptor)


def _handle(pid: int) -> int:
    if _pidfd_open is None:
        return -1
    try:
        return int(_pidfd_open(pid))
    except OSError:
        return -1


def _wait(control: Channel, children: list[_Child]) -> list[_Child]:
    """Wait for an order, which is then read, or for a child's end; return the children that ended."""
    handles = {child.handle: child for child in children if child.handle >= 0}
    watched: dict[Any, int] = dict.fromkeys([control, *handles], select.POLLIN)
    blind = len(handles) < len(children)
    try:
        ready = wait(watched, _now() + 0.005 if blind else None)
    except LateError:
        ready = {}
    if control in ready and not control.feed() and not control.take_ready():
        raise ClosedError("the judge is gone")
    ended = [child for handle, child in handles.items() if handle in ready]
    return ended + [child for child in children if child.handle < 0 and _has_ended(child.pid)]


def _has_ended(pid: int) -> bool:
    try:
        return _waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except OSError:
        return True


def _stop(child: int) -> None:
    for kill in (_killpg, _kill):
        with suppress(OSError):
            kill(child, signal.SIGKILL)


def _end(child: _Child) -> str:
    """Reap the child and say how it ended; what it started in its group ends with it."""
    if child.handle >= 0:
        _close(child.handle)
    try:
        _, status = _waitpid(child.pid, 0)
    except OSError:
        return "it ended"
    with suppress(OSError):
        _killpg(child.pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return f"it ended with exit code {code}"
    return f"it ended by {ENDINGS.get(-code, f'signal {-code}')}"


def _answer_one(control: Channel, descriptor: int, shell: shells.Shell, answer: Callable[..., Observation]) -> NoReturn:
    """Answer one question in this process, or several one after the other, and end."""
    with suppress(OSError):
        _setpgid(0, 0)
    try:
        _alarm(signal.ITIMER_REAL, 0)
        _signal(signal.SIGINT, signal.SIG_DFL)
        control.close()
        shells.silence()
        channel = Channel(_socket(fileno=descriptor))
        order = channel.receive()
        _send_answer(channel, order, shell, answer)
        while order.get("more"):
            with suppress(ClosedError):  # the judge has heard enough
                order = channel.receive()
                _send_answer(channel, order, shell, answer)
                continue
            break
        _exit(0)
    finally:
        _exit(70)


def _send_answer(
    channel: Channel, order: dict[str, Any], shell: shells.Shell, answer: Callable[..., Observation]
) -> None:
    question = question_from_plain(order["question"])
    start = _now()
    try:
        seen = answer(shell.user_ns, question)
    except BaseException as error:
        seen = Observation("unreadable", text=f"{type(error).__name__} while reading the answer")
    plain = {"nonce": order["nonce"], "observation": _plain(seen)}
    plain["observation"]["seconds"] = max(0.0, _now() - start)
    try:
        channel.send(plain)
    except WireError as error:
        words = Observation("unreadable", text=str(error))
        channel.send({"nonce": order["nonce"], "observation": observation_to_plain(words)})


def _plain(seen: Observation) -> dict[str, Any]:
    try:
        return observation_to_plain(seen)
    except Exception as error:
        return observation_to_plain(Observation("unreadable", text=type(error).__name__))


def refuse(sock: socket.socket, reason: str) -> NoReturn:
    """Tell the judge that this worker could not be confined, and end before any student's code."""
    try:
        Channel(sock).send({"refused": reason})
    finally:
        _exit(97)
