"""How a worker is locked in, and how far this machine allows it."""

from __future__ import annotations

from graders.engine.worker.confine.cell import Cell
from graders.engine.worker.confine.levels import LEVELS, Level, choose
from graders.engine.worker.confine.tree import Plan

__all__ = ["LEVELS", "Cell", "Level", "Plan", "choose"]
