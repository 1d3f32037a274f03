"""The type hints of a function or a class, as text: as written, and as they resolve."""

from __future__ import annotations

import inspect
import types
import typing
from typing import Any

from graders.engine.worker.probes.asked import Asked, Reading
from graders.engine.worker.probes.declared import renamed

NONE = type(None)


def signature(asked: Asked) -> Reading:
    """Read ``parameters`` and ``returns``; for a class ``bases`` and ``methods`` (name, parameters, returns).

    A class also has the methods of bases the student wrote; those it leaves to PyTorch's are ``inherited``, names only.
    A parameter is [name, annotation as written, annotation resolved or "", has a default, kind].
    """
    target = asked.function
    if not isinstance(target, type):
        parameters, returns = _hints(target)
        return Reading({"kind": "function", "parameters": parameters, "returns": returns})
    found: dict[str, tuple[types.FunctionType, bool]] = {}
    for owner in target.__mro__[:-1]:
        theirs = (owner.__module__ or "").partition(".")[0] == "torch"
        for name, function in vars(owner).items():
            if isinstance(function, types.FunctionType):
                found.setdefault(name, (function, theirs))
    methods = [[name, *_hints(function)] for name, (function, theirs) in found.items() if not theirs]
    inherited = [name for name, (_, theirs) in found.items() if theirs]
    bases = [spell(base) for base in vars(target).get("__orig_bases__", target.__bases__)]
    return Reading({"kind": "class", "bases": bases, "methods": methods, "inherited": inherited})


def _hints(function: Any) -> tuple[list[list[Any]], list[str]]:
    """Return parameters and return annotation of one function, of the Python one where torch.jit compiled it."""
    function = getattr(function, "_torchdynamo_inline", function)
    try:
        found = inspect.signature(function)
    except (TypeError, ValueError):
        return [], ["", ""]
    scope = getattr(inspect.unwrap(function), "__globals__", {})
    parameters = [
        [
            parameter.name,
            *_texts(parameter.annotation, scope),
            parameter.default is not parameter.empty,
            parameter.kind.name.lower().replace("_", " "),
        ]
        for parameter in found.parameters.values()
    ]
    return parameters, _texts(found.return_annotation, scope)


def _texts(annotation: Any, scope: dict[str, Any]) -> list[str]:
    """Return the annotation as written and as it resolves; "" where there is none or it does not."""
    if annotation is inspect.Signature.empty:
        return ["", ""]
    try:
        written = annotation if isinstance(annotation, str) else spell(annotation)
        resolved = resolve(annotation, scope) or (renamed(written) if isinstance(annotation, str) else "")
        return [str(written)[:300], resolved[:300]]
    except Exception:  # an annotation may be any object, an alias may name itself
        return [type(annotation).__name__, ""]


def resolve(annotation: Any, scope: dict[str, Any]) -> str:
    """Return the annotation's full text with aliases and quotes resolved, or "" where a name is unknown."""
    for _ in range(3):  # a quoted alias of a quoted name
        if isinstance(annotation, typing.ForwardRef):
            annotation = annotation.__forward_arg__
        if not isinstance(annotation, str):
            break
        try:
            annotation = eval(annotation, dict(scope))  # noqa: S307 - the student's own annotation
        except BaseException:
            return ""
    return spell(annotation, scope)


def spell(annotation: Any, scope: dict[str, Any] | None = None) -> str:
    """Return one canonical text for an annotation: ``list[torch.Tensor]``, ``collections.abc.Sequence[float]``."""
    if annotation is None or annotation is NONE:
        return "None"
    if annotation is Ellipsis:
        return "..."
    if isinstance(annotation, str):
        return (resolve(annotation, scope) if scope is not None else "") or annotation
    if isinstance(annotation, typing.ForwardRef):
        return spell(annotation.__forward_arg__, scope)
    if isinstance(annotation, list):
        return f"[{', '.join(spell(item, scope) for item in annotation)}]"
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return spell(arguments[0], scope)
    if origin in (typing.Union, types.UnionType):
        return " | ".join(sorted(spell(argument, scope) for argument in arguments))
    if origin is typing.Literal:
        return f"Literal[{', '.join(map(repr, arguments))}]"
    if origin is not None and origin is not annotation:
        inside = ", ".join(spell(argument, scope) for argument in arguments)
        return f"{spell(origin)}[{inside}]" if inside else spell(origin)
    if isinstance(annotation, type):
        module = annotation.__module__
        return annotation.__qualname__ if module in ("builtins", "__main__") else f"{module}.{annotation.__qualname__}"
    supertype = getattr(annotation, "__value__", None)  # type X = ... of Python 3.12
    if supertype is not None:
        return spell(supertype, scope)
    return str(getattr(annotation, "__name__", None) or repr(annotation))
