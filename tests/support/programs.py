"""The corpus: right, wrong, paired and unknown programs, run in this process."""

from __future__ import annotations

import linecache
from contextlib import contextmanager
from pathlib import Path

import torch
from matplotlib import rc_context

from graders import cards
from graders.engine.judge import judge_exercise
from graders.keys import all_keys
from tests.support.answers import asking

CORPUS = Path(__file__).parent.parent / "programs"
SEED = 11


def programs(kind):
    """Every program of a kind as (exercise, path)."""
    return [(path.parent.parent.name, path) for path in sorted(CORPUS.glob(f"*/{kind}/*.py"))]


def named(found):
    """Ids for pytest: exercise/name."""
    return [f"{exercise}/{path.stem}" for exercise, path in found]


def judged(exercise, path, seed=SEED):
    """The verdict on one program of the corpus."""
    source = path.read_text(encoding="utf-8")
    filename = "<cell 1>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    code = compile(source, filename, "exec")

    def fresh():
        namespace = {"__name__": "__main__"}
        exec(code, namespace)
        return namespace

    card = cards.find(exercise)
    key = all_keys(card.slug, seed)[exercise]
    with rc_context(), switches():  # a program's style is its own
        return judge_exercise(card, card.exercise(exercise), key, asking(fresh))


@contextmanager
def switches():
    """Put torch's switches back, which a program may have turned when it was run."""
    dtype = torch.get_default_dtype()
    with torch.enable_grad():
        try:
            yield
        finally:
            torch.set_default_dtype(dtype)
