"""Functions that return a figure."""

from __future__ import annotations

import sys
from typing import Any

from graders.engine.worker.probes.asked import Asked, Reading
from graders.engine.worker.probes.figure_contents import contents, figure_of
from graders.engine.worker.probes.plain import describe


def figure(asked: Asked) -> Reading:
    """Call, and read ``figure``: a plain dict of what the figure holds; ``reused``: whether an earlier call made it."""
    open_before = _open_figures()
    result = asked.call(*asked.build().values())
    reading = Reading()
    if result is None:
        drawn = _open_figures() - open_before
        sentence = "draws a figure but returns None" if drawn else "returns None"
        reading.faults.append(("returns-none", f"{asked.name} {sentence}."))
        return reading
    found = figure_of(result)
    if found is None:
        sentence = f"{asked.name} returns {describe(result)}; a matplotlib Figure is asked for."
        reading.faults.append(("wrong-shape", sentence))
        return reading
    reading.values["reused"] = asked.memory.get("figure") is found
    asked.memory["figure"] = found
    try:
        reading.values["figure"] = contents(found)
    except Exception as error:
        sentence = f"The figure that {asked.name} returns cannot be read ({type(error).__name__})."
        reading.faults.append(("", sentence))
    return reading


def _open_figures() -> set[int]:
    """Return the numbers of the figures pyplot holds open."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()
