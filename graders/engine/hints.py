"""Type hints compared with the contract: names, parameters, annotations; equal, or spelled another way."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graders.engine.observation import Observation

BUILTIN = {"List": "list", "Dict": "dict", "Tuple": "tuple", "Set": "set", "FrozenSet": "frozenset", "Type": "type"}


@dataclass(frozen=True)
class Parameter:
    """One parameter: its hint as written, as it resolves, and whether a call may leave it out."""

    name: str
    written: str
    resolved: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Shape:
    """The parameters and the result of one function."""

    name: str
    parameters: tuple[Parameter, ...]
    returns: Parameter


def compare_signature(contract: str, observed: Observation) -> list[str]:
    """Return one sentence for each hint that is not the contract's; the contract is a ``def`` or a ``class``."""
    tree = _parse(contract)
    try:
        return _differences(tree, observed)
    except (TypeError, ValueError, LookupError):  # no probe of ours sends this; a program may forge its own
        return [f"{tree.name}'s hints cannot be read."]


def _differences(tree: ast.FunctionDef | ast.ClassDef, observed: Observation) -> list[str]:
    if isinstance(tree, ast.ClassDef):
        wanted = [_expected(item) for item in tree.body if isinstance(item, ast.FunctionDef)]
        given = {name: _observed(name, p, r) for name, p, r in observed.values.get("methods", [])}
        left = set(observed.values.get("inherited", [])) - {"__init__"}  # PyTorch's own methods carry PyTorch's hints
        own = [one for one in wanted if one.name in given or one.name not in left]
        return [sentence for one in own for sentence in _compare(one, given.get(one.name), f"{tree.name}.")]
    if "parameters" not in observed.values:
        return [f"{tree.name} has no hints to read; expected {_expected_text(_expected(tree))}."]
    given_one = _observed(tree.name, observed.values["parameters"], observed.values["returns"])
    return _compare(_expected(tree), given_one, "")


def _parse(contract: str) -> ast.FunctionDef | ast.ClassDef:
    """Parse a contract with or without ``def``, colon and body."""
    lines = []
    for line in contract.strip().splitlines():
        text = line.rstrip()
        if text.lstrip().startswith("def ") and not text.endswith((":", "...", "pass")):
            text += ": ..."
        elif text.lstrip().startswith("def ") and text.endswith(":"):
            text += " ..."
        lines.append(text)
    whole = "\n".join(lines)
    if not whole.startswith(("def ", "class ")):
        whole = f"def {whole}: ..."
    tree = ast.parse(whole).body[0]
    if not isinstance(tree, (ast.FunctionDef, ast.ClassDef)):
        raise TypeError(f"this is no signature: {contract}")
    return tree


def _expected(function: ast.FunctionDef) -> Shape:
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    parameters = [Parameter(one.arg, ast.unparse(one.annotation) if one.annotation else "") for one in every]
    return Shape(function.name, tuple(parameters), Parameter("", ast.unparse(function.returns or ast.Constant(None))))


def _observed(name: str, parameters: Sequence[Sequence[Any]], returns: Sequence[str]) -> Shape:
    read = [
        Parameter(str(entry[0]), str(entry[1]), str(entry[2]), bool(entry[3]) or str(entry[4]).startswith("var"))
        for entry in parameters
    ]
    return Shape(name, tuple(read), Parameter("", str(returns[0]), str(returns[1])))


def _expected_text(shape: Shape) -> str:
    """Return the signature as the contract writes it: ``mse(y_pred: Tensor, y: Tensor) -> Tensor``."""
    inside = ", ".join(one.name + (f": {one.written}" if one.written else "") for one in shape.parameters)
    return f"{shape.name}({inside}) -> {shape.returns.written}"


def _compare(wanted: Shape, given: Shape | None, owner: str) -> list[str]:
    expected = f"expected {_expected_text(wanted)}"
    if given is None:
        return [f"{owner}{wanted.name} is missing; {expected}."]
    whole = f"{owner}{wanted.name}"
    sentences = []
    names = [one.name for one in wanted.parameters]
    found = {one.name: one for one in given.parameters}
    missing = [name for name in names if name not in found and name != "self"]
    order = [one.name for one in given.parameters if one.name in names]
    if missing:
        sentences.append(f"{whole} has no parameter {' or '.join(missing)}; {expected}.")
    elif order != [name for name in names if name in found]:
        sentences.append(f"{whole} has its parameters in another order; {expected}.")
    first = names[0] if names else ""
    extra = [one.name for place, one in enumerate(given.parameters) if _is_extra(one, place, names, first)]
    if extra:
        sentences.append(f"{whole} asks for more than the contract: {', '.join(extra)}; {expected}.")
    sentences += [
        f"{whole}: {_difference(one, found[one.name])}; {expected}."
        for one in wanted.parameters
        if one.written and one.name in found and not _fits(one.written, found[one.name])
    ]
    if not _fits(wanted.returns.written, given.returns):
        sentences.append(f"{whole}: {_difference(wanted.returns, given.returns)}; {expected}.")
    return sentences


def _is_extra(one: Parameter, place: int, names: Sequence[str], first: str) -> bool:
    """Tell whether a parameter is required although the contract has none of that name."""
    return one.name not in names and not one.optional and not (place == 0 and first == "self")


def _difference(wanted: Parameter, given: Parameter) -> str:
    subject = wanted.name or "the result"
    if not given.written:
        return f"{subject} has no type hint"
    return f"{subject} is annotated {given.written}, not {wanted.written}"


def _fits(wanted: str, given: Parameter) -> bool:
    """Tell whether a hint is the expected one, as written or as it resolves."""
    target = canonical(wanted)
    texts = [text for text in (given.resolved, given.written) if text]
    return any(_covers(target, canonical(text)) for text in texts)


def _covers(wanted: str, given: str) -> bool:
    """Tell whether two canonical hints are equal; a bare generic of the contract may be made more precise."""
    return wanted == given or ("[" not in wanted and "|" not in wanted and given.startswith(f"{wanted}["))


def canonical(text: str) -> str:
    """Return one spelling for a hint: last names only, builtin generics, unions sorted, quotes removed."""
    try:
        return _spell(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text.strip()


def _spell(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return canonical(node.value)
        return "..." if node.value is Ellipsis else repr(node.value)
    if isinstance(node, ast.Name):
        return "None" if node.id == "NoneType" else BUILTIN.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return BUILTIN.get(node.attr, node.attr)
    if isinstance(node, (ast.Tuple, ast.List)):
        return f"[{', '.join(map(_spell, node.elts))}]"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union([node.left, node.right])
    if isinstance(node, ast.Subscript):
        inside = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        name = _spell(node.value)
        if name == "Optional":
            return _union([*inside, ast.Constant(None)])
        if name == "Union":
            return _union(inside)
        if name == "Annotated":
            return _spell(inside[0])
        return f"{name}[{', '.join(map(_spell, inside))}]"
    return ast.unparse(node)


def _union(nodes: Sequence[ast.expr]) -> str:
    """Return the members once each, sorted."""
    members = {part for node in nodes for part in _spell(node).split(" | ")}
    return " | ".join(sorted(members))
