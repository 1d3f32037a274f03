"""Stock and ours in turn on the same class: whole commands, and what one more submission costs."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from graders.frontends.pool import cores
from tests.benchmarks import ours, people, stock
from tests.benchmarks.commands import autograde, nbgrader, scores

FULL = {"check_train_batch": 6.0, "check_plot_losses": 2.0}
FEW = 2  # submissions of the class that tells what starting costs


def measure(folder, submissions, rounds):
    """Return rows (what, median seconds, seconds a submission, times stock) and a sentence on the scores."""
    stub, source = ours.make_course(Path(folder, "ours"))
    stubs = {"stock": stock.make_course(Path(folder, "stock"), source), "ours": stub}
    few = {}
    jobs = cores()
    for name, text in stubs.items():
        people.write(text, Path(folder, name, "submitted"), FEW)
        if name == "ours":  # keys are computed once and lie on the disk then, for few submissions as for many
            autograde(Path(folder, name))
            ours.grade(Path(folder, "ours"), Path(folder, "out"), jobs=jobs)
        few[name] = [autograde(Path(folder, name)).wall for _ in range(rounds)]
    alone = [ours.grade(Path(folder, "ours"), Path(folder, "out"), jobs=jobs).wall for _ in range(rounds)]
    for name, text in stubs.items():
        people.write(text, Path(folder, name, "submitted"), submissions)
    many = {"stock": [], "ours": []}
    together = []
    for _ in range(rounds):  # in turn, so that what else the machine does falls on both
        for name, times in many.items():
            times.append(autograde(Path(folder, name)).wall)
        together.append(ours.grade(Path(folder, "ours"), Path(folder, "out"), jobs=jobs).wall)
    feedback = {name: nbgrader(Path(folder, name), "generate_feedback", people.SLUG, "--force").wall for name in many}
    whole = {name: median(times) for name, times in many.items()}
    more = {name: _more(median(few[name]), whole[name], submissions) for name in many}
    grade = median(together)
    grade_more = _more(median(alone), grade, submissions)
    rows = [
        ("nbgrader autograde, stock", whole["stock"], more["stock"], ""),
        ("nbgrader autograde, ours", whole["ours"], more["ours"], _times(whole["stock"], whole["ours"])),
        ("  marginal", "", more["ours"], _times(more["stock"], more["ours"])),
        (f"descentlab grade --jobs {jobs}", grade, grade_more, _times(whole["stock"], grade)),
        ("  marginal", "", grade_more, _times(more["stock"], grade_more)),
        ("nbgrader generate_feedback, stock", feedback["stock"], feedback["stock"] / submissions, ""),
        ("nbgrader generate_feedback, ours", feedback["ours"], feedback["ours"] / submissions, ""),
    ]
    return rows, _agreement(scores(Path(folder, "stock")), scores(Path(folder, "ours")))


def _more(few, many, submissions):
    """Return the seconds of one more submission."""
    return (many - few) / (submissions - FEW) if submissions > FEW else float("nan")


def _times(one, other):
    return one / other if other > 0 else float("nan")


def _agreement(theirs, mine):
    """Say on how many answers both give full points or both do not; stock knows no partial credit."""
    known = [place for place in theirs if place in mine and place[1] in FULL]
    same = sum((theirs[place] == FULL[place[1]]) == (mine[place] == FULL[place[1]]) for place in known)
    return f"Full points or not: both graders agree on {same} of {len(known)} answers."
