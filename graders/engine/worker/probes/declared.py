"""Names that exist for type checkers only: what stands under ``if TYPE_CHECKING:`` in the cells that have run."""

from __future__ import annotations

import ast
import linecache
from copy import deepcopy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 3  # an alias of an alias of an alias


class _Renaming(ast.NodeTransformer):
    """Puts what a name stands for in the place of the name."""

    def __init__(self, meanings: dict[str, ast.expr]) -> None:
        self._meanings = meanings

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return what the name stands for, or the name."""
        return deepcopy(self._meanings.get(node.id, node))

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """Return a quoted annotation inside an annotation as if it had no quotes."""
        if not isinstance(node.value, str):
            return node
        inside: ast.expr = self.visit(ast.parse(node.value.strip(), mode="eval").body)
        return inside


def renamed(annotation: str) -> str:
    """Return an annotation with the names that are declared under ``if TYPE_CHECKING:`` replaced, or "".

    ``from collections.abc import Sequence as Seq`` makes ``Seq[Tensor]`` read ``Sequence[Tensor]``; an assignment
    there counts as well.
    """
    meanings = _meanings()
    if not meanings:
        return ""
    try:
        tree = ast.parse(annotation.strip(), mode="eval").body
        for _ in range(ROUNDS):
            tree = _Renaming(meanings).visit(tree)
        return ast.unparse(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""


def _meanings() -> dict[str, ast.expr]:
    """Return what each declared name stands for, later cells before earlier ones."""
    found: dict[str, ast.expr] = {}
    for entry in list(linecache.cache.values()):
        if len(entry) != 4 or entry[1] is not None:  # a file on the disk has a time of change, a cell has none
            continue
        source = "".join(entry[2])
        if "TYPE_CHECKING" not in source:
            continue
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for statement in _guarded(tree):
            found.update(_declared(statement))
    return found


def _guarded(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the statements under ``if TYPE_CHECKING:`` or ``if typing.TYPE_CHECKING:``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and getattr(node.test, "id", getattr(node.test, "attr", "")) == "TYPE_CHECKING":
            yield from node.body


def _declared(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Yield (name, meaning) for an import under another name, and for an assignment."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            if alias.asname:
                yield alias.asname, ast.parse(alias.name, mode="eval").body
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            if isinstance(target, ast.Name):
                yield target.id, statement.value
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
        yield statement.target.id, statement.value
