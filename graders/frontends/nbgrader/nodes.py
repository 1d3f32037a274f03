"""Cells and outputs as nbformat keeps them.

nbformat's own makers hold each cell and each output against the schema; here the whole notebook is, once, before it is
written (`nbconvert.exporters.Exporter`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbformat import from_dict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbformat import NotebookNode


def cell_node(kind: str, source: str, name: str, metadata: Mapping[str, Any] | None = None) -> NotebookNode:
    """Return a cell; one of code has no outputs yet."""
    parts: dict[str, Any] = {"id": name, "cell_type": kind, "metadata": dict(metadata or {}), "source": source}
    if kind == "code":
        parts |= {"execution_count": None, "outputs": []}
    return from_dict(parts)


def stream_node(text: str, name: str = "stdout") -> NotebookNode:
    """Return printed text."""
    return from_dict({"output_type": "stream", "name": name, "text": text})


def error_node(kind: str, message: str, traceback: Sequence[str]) -> NotebookNode:
    """Return an exception."""
    return from_dict({"output_type": "error", "ename": kind, "evalue": message, "traceback": list(traceback)})


def display_node(data: Mapping[str, str], metadata: Mapping[str, Any] | None = None) -> NotebookNode:
    """Return something shown, by type."""
    return from_dict({"output_type": "display_data", "data": dict(data), "metadata": dict(metadata or {})})


def result_node(text: str, number: int) -> NotebookNode:
    """Return the value of a cell's last line."""
    data = {"text/plain": text}
    return from_dict({"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": number})
