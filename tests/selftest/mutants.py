"""Automatic mutants of the reference: its solution with one small change made by an operator on the syntax tree.

A mutant is no known mistake; it is a slip nobody thought of. What the operators do is written beside each of them.
"""

from __future__ import annotations

import ast
import copy
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Step: TypeAlias = "tuple[str, int | None]"
    Place: TypeAlias = "tuple[Step, ...]"
    Change: TypeAlias = "tuple[str, Any]"  # what was done, and the new node (or the new list of statements)
    Operator: TypeAlias = "Callable[[ast.AST, Kin], Iterator[Change]]"

    Kin: TypeAlias = "dict[str, list[str]]"  # names that can be mistaken for one another

ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq, ast.Lt),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
TWINS = {"mean": "sum", "sum": "mean", "max": "min", "min": "max", "append": "extend", "zeros_like": "ones_like"}
TWINS |= {"ones_like": "zeros_like", "stack": "cat", "flatten": "ravel", "sqrt": "abs"}
UNTOUCHED = ("annotation", "returns", "decorator_list", "type_params", "bases", "exc", "cause")


@dataclass(frozen=True)
class Mutant:
    """One mutant: which operator made it, what was changed, and the whole module as text."""

    operator: str
    change: str
    source: str


# -- operators on expressions --------------------------------------------------------------------------------------


def arithmetic(node: ast.AST, _kin: Kin) -> Iterator[Change]:
    """``+`` for ``-``, ``*`` for ``/``, and so on; the operands of ``-`` and ``/`` exchanged; a sign dropped."""
    if isinstance(node, ast.BinOp | ast.AugAssign):
        for other in ARITHMETIC.get(type(node.op), ()):
            changed = copy.deepcopy(node)
            changed.op = other()
            yield f"{ast.unparse(node)} -> {ast.unparse(changed)}", changed
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Div):
        changed = ast.BinOp(node.right, node.op, node.left)
        yield f"{ast.unparse(node)} -> {ast.unparse(changed)}", changed
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield f"{ast.unparse(node)} without its sign", node.operand


def operands(node: ast.AST, _kin: Kin) -> Iterator[Change]:
    """One side of an operation instead of the whole."""
    if isinstance(node, ast.BinOp):
        for side in (node.left, node.right):
            yield f"{ast.unparse(node)} -> {ast.unparse(side)}", side


def constants(node: ast.AST, _kin: Kin) -> Iterator[Change]:
    """Numbers one more, one less, none; truth for falsehood; texts left empty."""
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    others: Sequence[Any] = ()
    if isinstance(value, bool):
        others = (not value,)
    elif isinstance(value, int):
        others = (value + 1, value - 1, 0)
    elif isinstance(value, float):
        others = (value + 1.0, value / 2)
    elif isinstance(value, str) and value:
        others = ("",)
    for other in others:
        if other != value:
            yield f"{value!r} -> {other!r}", ast.Constant(other)


def comparisons(node: ast.AST, _kin: Kin) -> Iterator[Change]:
    """``<`` for ``<=``, ``==`` for ``!=``, and so on."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in COMPARISONS.get(type(node.ops[0]), ()):
            changed = ast.Compare(node.left, [other()], node.comparators)
            yield f"{ast.unparse(node)} -> {ast.unparse(changed)}", changed


def ranges(node: ast.AST, _kin: Kin) -> Iterator[Change]:
    """Ranges and slices that begin or end one off, or lose a bound."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        start, *_ = node.args
        ends = [(len(node.args) > 1, op) for op in (ast.Add, ast.Sub)]
        for place, op in ends:
            changed = copy.deepcopy(node)
            changed.args[int(place)] = ast.BinOp(changed.args[int(place)], op(), ast.Constant(1))
            yield f"{ast.unparse(node)} -> {ast.unparse(changed)}", changed
        if len(node.args) == 1:
            yield f"{ast.unparse(node)} from 1", ast.Call(node.func, [ast.Constant(1), start], [])
        if len(node.args) == 3:
            changed = copy.deepcopy(node)
            changed.args[2] = ast.BinOp(changed.args[2], ast.Add(), ast.Constant(1))
            yield f"{ast.unparse(node)} -> {ast.unparse(changed)}", changed
    if isinstance(node, ast.Slice):
        for bound in ("lower", "upper"):
            value = getattr(node, bound)
            if value is None:
                continue
            for op in (ast.Add, ast.Sub):
                changed = copy.deepcopy(node)
                setattr(changed, bound, ast.BinOp(value, op(), ast.Constant(1)))
                yield f"[{ast.unparse(node)}] -> [{ast.unparse(changed)}]", changed
            changed = copy.deepcopy(node)
            setattr(changed, bound, None)
            yield f"[{ast.unparse(node)}] -> [{ast.unparse(changed)}]", changed


def calls(node: ast.AST, _kin: Kin) -> Iterator[Change]:
    """Calls removed: ``w.clone()`` is ``w``, ``float(v)`` is ``v``; and calls of a similar name."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield f"{ast.unparse(node)} -> {ast.unparse(node.value)}", node.value
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Attribute):
        yield f"{ast.unparse(node)} -> {ast.unparse(node.func.value)}", node.func.value
        twin = TWINS.get(node.func.attr)
        if twin:
            changed = copy.deepcopy(node)
            changed.func.attr = twin  # type: ignore[attr-defined]
            yield f"{ast.unparse(node)} -> {ast.unparse(changed)}", changed
    if node.args and not isinstance(node.args[0], ast.Starred):
        yield f"{ast.unparse(node)} -> {ast.unparse(node.args[0])}", node.args[0]


def arguments(node: ast.AST, _kin: Kin) -> Iterator[Change]:
    """Arguments exchanged or left out, entries of a tuple exchanged."""
    if isinstance(node, ast.Call):
        yield from _exchanged_arguments(node)
    if isinstance(node, ast.Tuple) and len(node.elts) > 1:
        for place in range(len(node.elts) - 1):
            changed = copy.deepcopy(node)
            changed.elts[place : place + 2] = changed.elts[place : place + 2][::-1]
            yield f"({ast.unparse(node)}) -> ({ast.unparse(changed)})", changed


def _exchanged_arguments(node: ast.Call) -> Iterator[Change]:
    for place in range(len(node.args) - 1):
        changed = copy.deepcopy(node)
        changed.args[place : place + 2] = changed.args[place : place + 2][::-1]
        yield f"{ast.unparse(node)} -> {ast.unparse(changed)}", changed
    for place in range(len(node.keywords)):
        changed = copy.deepcopy(node)
        del changed.keywords[place]
        yield f"{ast.unparse(node)} -> {ast.unparse(changed)}", changed
    for place in range(len(node.keywords) - 1):
        changed = copy.deepcopy(node)
        first, second = changed.keywords[place : place + 2]
        first.value, second.value = second.value, first.value
        yield f"{ast.unparse(node)} -> {ast.unparse(changed)}", changed


def names(node: ast.AST, kin: Kin) -> Iterator[Change]:
    """Another variable of the same kind: ``w`` for ``b``, ``ws`` for ``bs``."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for other in kin.get(node.id, []):
            yield f"{node.id} -> {other}", ast.Name(other, ast.Load())


def choices(node: ast.AST, _kin: Kin) -> Iterator[Change]:
    """A choice that is always, or never, made; a condition turned round."""
    if isinstance(node, ast.IfExp):
        yield f"{ast.unparse(node)} -> always", node.body
        yield f"{ast.unparse(node)} -> never", node.orelse
    if isinstance(node, ast.If):
        for constant in (True, False):
            changed = copy.deepcopy(node)
            changed.test = ast.Constant(constant)
            yield f"if {ast.unparse(node.test)} -> if {constant}", changed


# -- operators on statements ---------------------------------------------------------------------------------------


def statements(body: Sequence[ast.stmt]) -> Iterator[Change]:
    """Drop a statement, exchange two neighbours, open a ``with``, leave a loop after its first round."""
    for place, one in enumerate(body):
        if _kept(one):
            continue
        told = ast.unparse(one).splitlines()[0]
        yield f"dropped: {told}", [*body[:place], *(body[place + 1 :] or [ast.Pass()] * (not place))]
        following = body[place + 1] if place + 1 < len(body) else None
        if following is not None and not _kept(following) and not isinstance(following, ast.Return):
            yield f"after the next statement: {told}", [*body[:place], following, one, *body[place + 2 :]]
        if isinstance(one, ast.With):
            yield f"without: {told}", [*body[:place], *one.body, *body[place + 1 :]]
        if isinstance(one, ast.For | ast.While):
            once = copy.deepcopy(one)
            once.body.append(ast.Break())
            yield f"only once: {told}", [*body[:place], once, *body[place + 1 :]]


def _kept(statement: ast.stmt) -> bool:
    """Whether a statement computes nothing: definitions, docstrings, assertions, imports."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Assert | ast.Import | ast.ImportFrom | ast.Pass):
        return True
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


EXPRESSIONS: tuple[Operator, ...] = (
    arithmetic, operands, constants, comparisons, ranges, calls, arguments, names, choices,
)  # fmt: skip


# -- from a module to its mutants ----------------------------------------------------------------------------------


def mutants(source: str, name: str, limit: int, seed: int) -> list[Mutant]:
    """Return distinct mutants of one function (or class) of a module, and of the helpers it calls.

    Where there are more than ``limit``, each operator gives as many as the others, drawn from the seed.
    """
    module = ast.parse(source)
    by_operator: dict[str, list[Mutant]] = {}
    seen = {ast.unparse(module)}
    for place, node, kin in _nodes(module, name):
        for operator, change, new in _changes(node, kin):
            text = _changed(module, place, new)
            if text is None or text in seen:
                continue
            seen.add(text)
            by_operator.setdefault(operator, []).append(Mutant(operator, change, text))
    return _drawn(by_operator, limit, seed)


def _drawn(by_operator: dict[str, list[Mutant]], limit: int, seed: int) -> list[Mutant]:
    rng = random.Random(seed)
    queues = [rng.sample(found, len(found)) for found in by_operator.values()]
    drawn: list[Mutant] = []
    while len(drawn) < limit and any(queues):
        drawn += [queue.pop() for queue in queues if queue]
    return drawn[:limit]


def _changes(node: Any, kin: Kin) -> Iterator[tuple[str, str, Any]]:
    if isinstance(node, list):
        yield from (("statements", change, new) for change, new in statements(node))
        return
    for operator in EXPRESSIONS:
        yield from ((operator.__name__, change, new) for change, new in operator(node, kin))


def _nodes(module: ast.Module, name: str) -> Iterator[tuple[Place, Any, Kin]]:
    """Give every node and every list of statements of the function, the class, or their helpers."""
    definitions = {
        one.name: (index, one)
        for index, one in enumerate(module.body)
        if isinstance(one, ast.FunctionDef | ast.ClassDef)
    }
    _, main = definitions[name]
    called = [node.id for node in ast.walk(main) if isinstance(node, ast.Name)]
    helpers = [helper for helper in definitions if helper.startswith("_") and helper in called]
    for one in (name, *helpers):
        index, definition = definitions[one]
        functions = [node for node in ast.walk(definition) if isinstance(node, ast.FunctionDef)]
        kin = {first: others for function in functions for first, others in _kin(function).items()}
        yield from ((place, node, kin) for place, node in _walk(definition, (("body", index),)))


def _walk(node: ast.AST, place: Place) -> Iterator[tuple[Place, Any]]:
    yield place, node
    for field, value in ast.iter_fields(node):
        if field in UNTOUCHED or isinstance(node, ast.JoinedStr | ast.Assert | ast.arguments):
            continue
        if isinstance(value, list):
            if field in {"body", "orelse"} and not isinstance(node, ast.ClassDef) and value:
                yield (*place, (field, None)), value
            for index, child in enumerate(value):
                if isinstance(child, ast.AST) and not _kept_docstring(child):
                    yield from _walk(child, (*place, (field, index)))
        elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context | ast.operator):
            yield from _walk(value, (*place, (field, None)))


def _kept_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _changed(module: ast.Module, place: Place, new: Any) -> str | None:
    """Return the module's text with one place changed, or None where that is no program."""
    changed = copy.deepcopy(module)
    parent: Any = changed
    for field, index in place[:-1]:
        parent = getattr(parent, field) if index is None else getattr(parent, field)[index]
    field, index = place[-1]
    if index is None:
        setattr(parent, field, copy.deepcopy(new))
    else:
        getattr(parent, field)[index] = copy.deepcopy(new)
    try:
        text = ast.unparse(ast.fix_missing_locations(changed))
        compile(text, "<mutant>", "exec")
    except (SyntaxError, ValueError, AttributeError, TypeError):
        return None
    return text


def _kin(function: ast.FunctionDef) -> Kin:
    """Return, for every name of a function, those of the same kind: equal hints, or set in one assignment."""
    groups: dict[str, list[str]] = {}
    for argument in function.args.args:
        if argument.annotation is not None:
            groups.setdefault(ast.unparse(argument.annotation), []).append(argument.arg)
    found: dict[str, list[str]] = {}
    for group in groups.values():
        _join(found, group)
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.For) and isinstance(
            target := node.targets[0] if isinstance(node, ast.Assign) else node.target, ast.Tuple
        ):
            _join(found, [one.id for one in target.elts if isinstance(one, ast.Name)])
    return found


def _join(found: Kin, group: list[str]) -> None:
    for place, one in enumerate(group):
        others = found.setdefault(one, [])
        for other in (group[(place + 1) % len(group)], group[place - 1]):
            if other != one and other not in others:
                others.append(other)
