"""Exceptions that show a known mistake: recognised from type, message, and the student's line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graders.engine.observation import Raised

# what torch 2.4 to 2.13 say, each tried by making the slip; the first that matches wins
MESSAGES = (
    ("in-place-on-leaf", r"leaf Variable that requires grad .*in-place operation"),
    ("in-place-on-leaf", r"view of a leaf Variable that requires grad is being used in an in-place"),
    ("graph-reused", r"backward through the graph a second time"),
    ("loss-not-scalar", r"grad can be implicitly created only for scalar outputs"),
    ("integer-parameters", r"(only )?Tensors of floating point and complex dtype can require gradients"),
    ("integer-parameters", r"only Tensors of floating point dtype can require gradients"),
    ("integer-parameters", r"result type (Float|Double) can't be cast to the desired output type (Long|Int|Short)"),
    ("integer-parameters", r"[Ii]nput dtype must be either a floating point or complex dtype"),
    ("device-mismatch", r"[Ee]xpected all tensors to be on the same device"),
    ("device-mismatch", r"Tensor on device \S+ is not on the expected device"),
    ("device-mismatch", r"can't convert \S+ device type tensor to numpy"),
    ("device-mismatch", r"indices should be either on cpu or on the same device"),
    ("device-mismatch", r"Expected a '\w+' device type for generator"),
    ("dtype-mismatch", r"(mat1 and mat2|m1 and m2|self and mat2) (must|to) have the same dtype"),
    ("dtype-mismatch", r"expected m1 and m2 to have the same dtype"),
    ("dtype-mismatch", r"Found dtype \w+ but expected \w+"),
    ("dtype-mismatch", r"expected scalar type \w+ but found \w+"),
    ("dtype-mismatch", r"[Ee]xpected .*to have the same dtype"),
    ("dtype-mismatch", r"should have the same dtype|must have the same dtype"),
    ("dtype-mismatch", r"expected both vectors to have same dtype|both inputs should have same dtype"),
    ("dtype-mismatch", r"source and destination dtypes match|expected dtype \w+ for .* but got dtype"),
    ("dtype-mismatch", r"attempting to assign a gradient with dtype|assigned grad has data of a different type"),
    ("item-before-backward", r"'(float|int|numpy\.\w+)' object has no attribute 'backward'"),
)
NO_GRAPH = re.compile(r"does not require grad and does not have a grad_fn|does not require (a )?grad")
NONE_GRAD = re.compile(
    r"'NoneType' object has no attribute '(zero_|data|detach|item|clone|mul|mul_|fill_|copy_|shape|dtype)'"
    r"|(unsupported|bad) operand type(\(s\))? for .*'NoneType'"
    r"|must be Tensor, not NoneType|argument .* must be \w+, not NoneType"
)


def recognise(raised: Raised, notes: Mapping[str, Any] | None = None) -> str | None:
    """Return the id of the mistake an exception shows, or None.

    ``notes``: the values of the observation; ``backwards`` there counts the backward passes that had succeeded.
    """
    backwards = (notes or {}).get("backwards")
    for mistake, pattern in MESSAGES:
        if re.search(pattern, raised.message):
            return mistake
    line = raised.frames[-1].source if raised.frames else ""
    if raised.message == "'float' object is not iterable" and "grad(" in line:
        return "item-before-backward"
    if NO_GRAPH.search(raised.message) and raised.type == "RuntimeError":
        return "rebinding-loses-grad" if isinstance(backwards, int) and backwards > 0 else "no-grad-around-forward"
    if raised.type in {"AttributeError", "TypeError"} and NONE_GRAD.search(raised.message) and "grad" in line:
        return "rebinding-loses-grad" if backwards is None or backwards > 0 else None
    return None
