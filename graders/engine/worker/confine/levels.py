"""The three levels of isolation, and which one this machine allows."""

from __future__ import annotations

from typing import Literal

Level = Literal["full", "no-namespaces", "process"]
LEVELS: tuple[Level, ...] = ("full", "no-namespaces", "process")


def choose(plan: object, *, wanted: str | None, trust: bool) -> tuple[Level | None, dict[str, str]]:
    """Return the strongest level that works here (not above ``wanted``), and why the stronger ones don't."""
    return ("process" if trust else None), {}
