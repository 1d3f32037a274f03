"""Datasets, loaders, and training loops built on them."""

from __future__ import annotations

import contextlib
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from graders.engine.worker.probes.asked import Asked, Reading
from graders.engine.worker.probes.histories import read_column
from graders.engine.worker.probes.plain import UnreadableError, array, describe, items

if TYPE_CHECKING:
    from collections.abc import Mapping


def dataset(asked: Asked) -> Reading:
    """Make the student's dataset of x and y; read ``length``, stacked ``x`` and ``y``, and ``item`` (its type).

    The items are asked for from the last to the first: one that counts its calls instead of reading the index shows.
    """
    built = asked.build()
    made = asked.call(*built.values())
    reading = Reading()
    length = asked.run(len, made)
    reading.values["length"] = int(length)
    reading.values["is_dataset"] = isinstance(made, Dataset)
    wanted = len(next(iter(built.values())))
    count = min(int(length), wanted)
    backwards = [asked.run(lambda index=index: made[index]) for index in reversed(range(count))]
    pairs = backwards[::-1]
    for index, pair in enumerate(pairs):
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            sentence = f"{asked.name}[{index}] is {describe(pair)}; a pair (x, y) is asked for."
            reading.faults.append(("returns-none" if pair is None else "wrong-shape", sentence))
            return reading
    if pairs:
        reading.values["item"] = f"({type(pairs[0][0]).__name__}, {type(pairs[0][1]).__name__})"
    for name, column in zip(("x", "y"), zip(*pairs, strict=True), strict=False):
        try:
            reading.values[name], word = array(list(column))
        except UnreadableError as error:
            reading.faults.append(("wrong-shape", f"The {name} of {asked.name}'s items {error}."))
            continue
        if word:
            reading.dtypes[name] = word
    return reading


def loader(asked: Asked) -> Reading:
    """Make the student's loader over a dataset of x and y; read two passes: ``first`` and ``second``."""
    built = asked.build()
    x, y = built["dataset"]["x"], built["dataset"]["y"]
    order = built["order"].tolist() if isinstance(built["order"], torch.Tensor) else list(built["order"])
    made = asked.call(TensorDataset(x, y), built["batch_size"], order)
    if isinstance(built["order"], list):
        built["order"] = order  # as it is after the call
    reading = Reading()
    if made is None:
        reading.faults.append(("returns-none", f"{asked.name} returns None."))
        return reading
    for name in ("first", "second"):
        batches = asked.run(lambda: list(islice(iter(made), 2 * len(x) + 8)))
        read: list[list[np.ndarray]] = []
        for index, batch in enumerate(batches):
            try:
                pair = [array(part)[0] for part in items(batch)]
            except UnreadableError as error:
                pair, reason = [], f" that {error}"
            else:
                reason = ""
            if len(pair) != 2:
                sentence = f"Batch {index} of {asked.name}'s loader is {describe(batch)}{reason}; (x, y) is asked for."
                reading.faults.append(("wrong-shape", sentence))
                return reading
            read.append(pair)
        reading.values[name] = read
    return reading


def optimizer(asked: Asked) -> Reading:
    """Train a linear model given by the case; read ``losses`` and the ``final`` parameters, flattened.

    ``seen`` (parameters before each forward) and ``samples`` (rows of each forward) are facts for the message only.
    The model is {"features": d, "weight": (1, d), "bias": (1,), "dtype": optional}, the loader {"x", "y",
    "batch_size", "order"}.
    """
    settings = {name: value for name, value in asked.arguments.items() if name not in ("model", "loader")}
    plan = asked.arguments["model"]
    dtype = getattr(torch, plan["dtype"]) if plan.get("dtype") else asked.dtype
    model = _model(plan, dtype, asked.device)
    data, order = _data(asked.arguments["loader"], dtype, asked.device)
    made: DataLoader[Any] = DataLoader(
        TensorDataset(*data), batch_size=int(asked.arguments["loader"]["batch_size"]), sampler=order
    )
    asked.built = {"loader": {**asked.arguments["loader"], "x": data[0], "y": data[1]}}
    seen: list[np.ndarray] = []
    samples: list[int] = []

    def watch(_: nn.Module, inputs: Any) -> None:
        with contextlib.suppress(RuntimeError):  # inside torch.func the parameters hold no numbers to read
            seen.append(_flat(model))
        samples.append(int(inputs[0].shape[0]) if inputs and isinstance(inputs[0], torch.Tensor) else 0)

    watching = model.register_forward_pre_hook(watch)
    result = asked.call(model, made, *settings.values())
    watching.remove()
    reading = Reading()
    if result is None:
        reading.faults.append(("returns-none", f"{asked.name} returns None."))
    else:
        read_column(reading, "losses", result)
    reading.values["final"] = _flat(model)
    reading.dtypes["final"] = str(next(model.parameters()).dtype).removeprefix("torch.")
    reading.values["seen"] = np.array(seen) if seen else np.zeros((0, 0))
    reading.values["samples"] = np.array(samples, dtype=np.int64)
    return reading


def _model(plan: Mapping[str, Any], dtype: torch.dtype, device: torch.device) -> nn.Linear:
    """Return a linear model with the parameters of the case (zeros where it gives none)."""
    features = int(plan["features"])
    model = nn.Linear(features, 1).to(dtype=dtype, device=device)
    with torch.no_grad():
        for parameter, name in ((model.weight, "weight"), (model.bias, "bias")):
            values = np.asarray(plan.get(name, np.zeros(tuple(parameter.shape))), dtype=np.float64)
            parameter.copy_(torch.from_numpy(values.reshape(tuple(parameter.shape)).copy()))
    return model


def _data(plan: Mapping[str, Any], dtype: torch.dtype, device: torch.device) -> tuple[list[torch.Tensor], list[int]]:
    """Return the x and y of a loader, and its order (as they stand where the case gives none)."""
    arrays = [np.array(plan[name], dtype=np.float64) for name in ("x", "y")]
    order = plan.get("order", range(len(arrays[0])))
    return [torch.from_numpy(array).to(dtype=dtype, device=device) for array in arrays], [int(i) for i in order]


def _flat(model: nn.Module) -> np.ndarray:
    """Return all parameters, one after the other, as float64."""
    parts = [parameter.detach().cpu().to(torch.float64).reshape(-1) for parameter in model.parameters()]
    return torch.cat(parts).numpy().copy()
