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
from typing import TYPE_CHECKING, Any, NoReturn

from graders.engine.observation import Observation
from graders.engine.wire import (
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
_pidfd_open = getattr(os, "pidfd_open", None)
_signal, _alarm, _socket = signal.signal, signal.setitimer, socket.socket

NAMES = 2000
ENDINGS = {signal.SIGSEGV: "a segmentation fault", signal.SIGABRT: "an abort", signal.SIGKILL: "a kill"}


def load_answer(module: str) -> Callable[..., Observation]:
    """Return the function that answers questions (imported in the zygote, so that it is warm)."""
    found: Callable[..., Observation] = importlib.import_module(module).answer
    return found


def serve(sock: socket.socket, shell: shells.Shell, answer: Callable[..., Observation]) -> NoReturn:
    """Run the cells the judge sends, then answer its questions until it closes the socket."""
    control = Channel(sock, takes_descriptors=True)
    try:
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


def _cell(run: shells.CellRun) -> Any:
    plain = cell_to_plain(run)
    try:
        pack(plain)
    except WireError:
        plain["outputs"] = []
    return plain


def _answer_all(control: Channel, shell: shells.Shell, answer: Callable[..., Observation]) -> None:
    child, number = 0, -1
    while True:
        order = _next(control, child)
        if order is None:
            control.send({"ended": number, "how": _end(child)})
            child = 0
        elif "ask" in order:
            if child:
                _stop(child)
                control.send({"ended": number, "how": _end(child)})
                child = 0
            number = order["ask"]
            descriptor = control.descriptors.pop()
            if order.get("here"):
                _answer_one(control, descriptor, shell, answer)
            try:
                child = _fork()
            except OSError as error:
                control.send({"ended": number, "how": f"no new process could be started ({error.strerror})"})
            if child == 0:
                _answer_one(control, descriptor, shell, answer)
            os.close(descriptor)
        elif order.get("kill") == number and child:
            _stop(child)


def _next(control: Channel, child: int) -> Any:
    """Return the judge's next order, or None when the child has ended."""
    while True:
        body = control.take()
        if body is not None:
            return unpack_body(body)
        ended = _wait(control, child)
        if ended:
            return None
        if not control.feed() and not control.take_ready():
            raise ClosedError("the judge is gone")


def _wait(control: Channel, child: int) -> bool:
    """Wait for an order or the child's end; True if the child has ended."""
    if not child:
        wait({control: select.POLLIN}, None)
        return False
    if _pidfd_open is not None:
        try:
            handle = _pidfd_open(child)
        except OSError:
            handle = -1
        if handle >= 0:
            try:
                return handle in wait({control: select.POLLIN, handle: select.POLLIN}, None)
            finally:
                os.close(handle)
    while True:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return True
        try:
            wait({control: select.POLLIN}, _now() + 0.005)
        except LateError:
            continue
        return False


def _stop(child: int) -> None:
    for kill in (_killpg, _kill):
        try:
            kill(child, signal.SIGKILL)
        except OSError:
            pass


def _end(child: int) -> str:
    """Reap the child and say how it ended; what it started in its group ends with it."""
    try:
        _, status = _waitpid(child, 0)
    except OSError:
        return "it ended"
    try:
        _killpg(child, signal.SIGKILL)
    except OSError:
        pass
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return f"it ended with exit code {code}"
    return f"it ended by {ENDINGS.get(-code, f'signal {-code}')}"


def _answer_one(
    control: Channel, descriptor: int, shell: shells.Shell, answer: Callable[..., Observation]
) -> NoReturn:
    """Answer one question in this process, and end."""
    try:
        _setpgid(0, 0)
    except OSError:
        pass
    try:
        _alarm(signal.ITIMER_REAL, 0)
        _signal(signal.SIGINT, signal.SIG_DFL)
        control.close()
        shells.silence()
        channel = Channel(_socket(fileno=descriptor))
        order = channel.receive()
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
        _exit(0)
    finally:
        _exit(70)


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
