"""Cells run in this process, and questions asked of them."""

from __future__ import annotations

import linecache

from graders.engine.observation import Question
from graders.engine.worker.answer import answer


def namespace(source, cell="1"):
    """Return the namespace after a cell with this source."""
    name = f"<cell {cell}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    space = {"__name__": "__main__"}
    exec(compile(source, name, "exec", dont_inherit=True), space)
    return space


def ask(source, function, probe, arguments, **more):
    """Answer one question on a cell."""
    return answer(namespace(source), Question(function, probe, arguments, **more))
