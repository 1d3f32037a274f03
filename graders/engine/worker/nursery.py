"""Inside the warm process: warming up, and the loop that starts and ends sessions."""

from __future__ import annotations

import gc
import importlib
import os
import select
import shutil
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from graders.engine.observation import Question
from graders.engine.wire import WireError
from graders.engine.worker import confine, pages, supervisor
from graders.engine.worker.channel import ClosedError, LateError, wait

if TYPE_CHECKING:
    from graders.engine.worker.channel import Channel

BREATH = 0.2


def run(control: Channel, order: dict[str, Any]) -> NoReturn:
    """Warm up, tell the judge the level, and serve it until it is gone."""
    os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR", "IPYTHONDIR"), order["base"]))
    os.chdir(order["base"])
    plan = confine.Plan.of_this_process(base=order["base"], hidden=order["hidden"])
    level, reasons = confine.choose(plan, wanted=order["level"], trust=order["trust"])
    ready = {"level": level, "reasons": reasons}
    if level is None:
        control.send(ready)
        raise SystemExit(0)
    shell, answer = warm(order["answer"])
    control.send(ready)
    _serve(control, supervisor.Trade(plan, level, shell, answer))


def warm(answer: str) -> tuple[Any, Any]:
    """Import what students use, take the slow first steps once, and leave no thread behind."""
    import matplotlib as mpl

    mpl.use("module://matplotlib_inline.backend_inline")
    import matplotlib.pyplot as plt
    import torch

    torch.set_num_threads(1)
    if torch.version.cuda is None:
        _first_step(torch)
    else:  # the step would ask for the devices, and no fork could use them afterwards
        importlib.import_module("torch._dynamo")
    from graders.engine.worker import session, shell

    made = shell.make()
    figure, axes = plt.subplots()
    axes.plot(np.arange(3.0), label="warm")
    axes.set_xlabel("warm")
    axes.legend()
    figure.canvas.draw()
    plt.close(figure)
    found = session.load_answer(answer)
    for name in ("torch.utils.data", "torch.nn.functional", "dataclasses", "random", "pandas", "tqdm.auto"):
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    _quiet_check()
    if torch.version.cuda is None:  # a backward pass in the parent of forks would spoil CUDA in them
        _first_answer(found)
    gc.collect()
    pages.use_large_pages()
    gc.freeze()
    return made, found


def _first_answer(answer: Any) -> None:
    """Answer one question here, so that no child takes the slow first steps again."""
    namespace: dict[str, Any] = {}
    exec("def mse(y_pred, y):\n    return ((y_pred - y) ** 2).mean()", namespace)
    ones = np.ones((3, 1))
    answer(namespace, Question("mse", "mse", {"y_pred": ones, "y": 2 * ones}))


def _first_step(torch: Any) -> None:
    """Take one optimizer step: the first one imports torch's compiler, which takes a second."""
    weight = torch.nn.Parameter(torch.zeros(1))
    weight.grad = torch.ones(1)
    torch.optim.SGD([weight], lr=0.1).step()


def _quiet_check() -> None:
    """Give notebooks a ``check`` that does nothing: in a worker the judge asks."""
    import graders

    def check(*_: Any, **__: Any) -> None:
        """Do nothing: the grader judges this function itself."""

    vars(graders)["check"] = check
    from graders.history import History

    vars(graders)["History"] = History


def _serve(control: Channel, trade: supervisor.Trade) -> NoReturn:
    children: dict[int, int] = {}
    try:
        while True:
            _reap(children)
            order = _order(control)
            if order is None:
                continue
            if "start" in order:
                sock = socket.socket(fileno=control.descriptors.pop())
                pid = os.fork()
                if pid == 0:
                    supervisor.supervise(trade, sock, order)
                sock.close()
                children[order["start"]] = pid
            elif order.get("stop") in children:
                trade.stop(children[order["stop"]])
    except (ClosedError, WireError):
        for pid in children.values():
            trade.stop(pid)
        _reap(children, block=True)
        shutil.rmtree(Path(trade.plan.base).parent, ignore_errors=True)  # a judge that was killed could not
    finally:
        os._exit(0)


def _order(control: Channel) -> Any:
    if control.take_ready():
        return control.receive()
    try:
        wait({control: select.POLLIN}, supervisor.now() + BREATH)
    except LateError:
        return None
    if not control.feed() and not control.take_ready():
        raise ClosedError("the judge is gone")
    return control.receive() if control.take_ready() else None


def _reap(children: dict[int, int], *, block: bool = False) -> None:
    for number, pid in list(children.items()):
        try:
            ended, _ = os.waitpid(pid, 0 if block else os.WNOHANG)
        except ChildProcessError:
            ended = pid
        if ended:
            del children[number]


signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the judge, which closes the socket
