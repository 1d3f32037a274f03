"""descentlab: an autograded course on gradient descent, and its grader.

Public names: ``History`` (what a training loop returns) and ``check`` (the check cells of the notebooks).
Both are loaded when first used, so that ``import graders`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graders.frontends.checking import check
    from graders.history import History

__all__ = ["History", "__version__", "check"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "History":
        from graders.history import History

        return History
    if name == "check":
        from graders.frontends.checking import check

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
