"""Where the time of one submission goes, and the student's own computing beside it."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

from graders import cards
from graders.engine.asking import asking
from graders.engine.judge import judge
from graders.engine.source import read
from graders.engine.worker.client import Zygote
from graders.frontends.nbgrader.outputs import check_outputs
from graders.frontends.untouched import without
from graders.keys import all_keys
from tests.benchmarks import people

STUB = people.ROOT / "assignments" / people.SLUG / people.NOTEBOOK


class Clock:
    """Adds up seconds by name."""

    def __init__(self):
        self.seconds = defaultdict(float)

    def timed(self, name, function, *args):
        """Call a function and count its time."""
        started = time.perf_counter()
        try:
            return function(*args)
        finally:
            self.seconds[name] += time.perf_counter() - started


class Session:
    """A session whose answers are counted: our waiting, and in it the student's own seconds."""

    def __init__(self, session, clock):
        self.session, self.clock = session, clock

    @property
    def ran(self):
        return self.session.ran

    def ask(self, question, seconds=10.0):
        seen = self.clock.timed("waiting for answers", self.session.ask, question, seconds)
        return self._count(seen)

    def ask_in_turn(self, questions, seconds=10.0):
        answers = self.session.ask_in_turn(questions, seconds)
        try:
            while (seen := self.clock.timed("waiting for answers", next, answers, None)) is not None:
                yield self._count(seen)
        finally:
            self.clock.timed("waiting for answers", answers.close)

    def _count(self, seen):
        self.clock.seconds["student's own computing"] += seen.seconds
        self.clock.seconds["answers"] += 1
        return seen


def measure(folder, submissions):
    """Return rows (stage, median milliseconds) of one submission, and what is paid once a command."""
    people.write(STUB.read_text(encoding="utf-8"), Path(folder), submissions)
    once, each = Clock(), []
    card = cards.load(people.SLUG)
    keys = once.timed("keys of the assignment", all_keys, people.SLUG, 7)
    with once.timed("warm process started", Zygote(trust=True).__enter__) as zygote:
        for path in sorted(Path(folder).glob(f"*/*/{people.NOTEBOOK}")):
            clock = Clock()
            _one(zygote, path, card, keys, clock)
            each.append(clock.seconds)
    names = sorted({name for one in each for name in one})
    rows = [(name, median(one[name] for one in each) * (1 if name == "answers" else 1000)) for name in names]
    return rows, {name: seconds * 1000 for name, seconds in once.seconds.items()}


def _one(zygote, path, card, keys, clock):
    submission = clock.timed("notebook read", read, path)
    cells = clock.timed("notebook read", without, submission.cells, card.slug)
    session = clock.timed("session started, cells run", zygote.session, cells)
    started = time.perf_counter()
    verdicts = judge(card, keys, asking(Session(session, clock), cells))
    clock.seconds["comparing and diagnosing"] = time.perf_counter() - started - clock.seconds["waiting for answers"]
    clock.timed("session ended", session.close)
    clock.timed("feedback of a page", lambda: [json.dumps(check_outputs(one, one.points, 1)) for one in verdicts])
