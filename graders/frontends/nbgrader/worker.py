"""The one warm worker of a command: started when first needed, replaced when it dies, closed at the end."""

from __future__ import annotations

import atexit
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

    from graders.engine.card import Card
    from graders.engine.worker.client import Zygote
    from graders.frontends.nbgrader.ahead import Ahead


class Workshop:
    """Lends a warm worker to everyone in this process."""

    def __init__(self) -> None:
        self._zygote: Zygote | None = None
        self._shown: dict[str, Mapping[str, list[NotebookNode]]] = {}
        self.ahead: Ahead | None = None
        self._lock, self._starting = threading.Lock(), threading.Lock()

    def demonstrations(self, card: Card) -> Mapping[str, list[NotebookNode]]:
        """Return what the demonstrations of an assignment show, found out once; nothing where they can't run."""
        with self._lock:
            if card.slug not in self._shown:
                from graders.frontends.nbgrader.grading import demonstrations

                self._shown[card.slug] = {}
                if self._zygote is not None:
                    with suppress(Exception):  # then every notebook runs its own
                        self._shown[card.slug] = demonstrations(card.slug, self._zygote, card.submission_seconds)
            return self._shown[card.slug]

    def zygote(self, *, trust: bool = False) -> Zygote:
        """Return the warm worker, started now if there is none."""
        with self._starting:
            zygote = self._zygote
            if zygote is None:
                from graders.engine.worker.client import Zygote

                zygote = self._zygote = Zygote(trust=trust).__enter__()
                atexit.register(self.close)
        return zygote

    @property
    def isolation(self) -> str:
        """Return how the worker locks submissions in; empty while there is none."""
        return "" if self._zygote is None else self._zygote.isolation

    def close(self) -> None:
        """Let the worker go; the next request starts another."""
        zygote, self._zygote = self._zygote, None
        if zygote is not None:
            atexit.unregister(self.close)
            zygote.__exit__(None, None, None)


WORKSHOP = Workshop()
