"""Word a verdict once, as plain data; notebook, HTML and terminal only format it.

Hidden cases show symptom and hint, never their inputs, expected numbers, or text a student's program made of them. How
far off an answer is, is said of them by its power of ten (see ``distance``).
"""

from __future__ import annotations

import builtins
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from graders.engine.compare import as_numbers
from graders.engine.distance import sentence_of_distance
from graders.engine.facts import RATIOS, agreement, earliest, number, ratio_of_changes, sentence_of_ratio, when
from graders.engine.verdict import Report, ReportLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graders.engine.card import Card, Exercise, MistakeText
    from graders.engine.compare import Comparison
    from graders.engine.judged import Judged
    from graders.engine.marks import Marks
    from graders.engine.observation import Observation, Raised

Feedback = Literal["symptom", "hint", "numbers"]


@dataclass(frozen=True)
class Findings:
    """Everything the judge found on one exercise."""

    exercise: Exercise
    judged: tuple[Judged, ...]
    marks: Marks
    diagnosis: tuple[str, ...]
    hint_faults: tuple[str, ...]


def compose(findings: Findings, card: Card, feedback: Feedback) -> tuple[str, str, Report]:
    """Return fact and hint for the record, and the report for the student at the given level."""
    exercise = findings.exercise
    shown = _shown(findings.judged)
    if shown is None:
        fact = " ".join(findings.hint_faults[:1])
        hint = _hint(findings, card)
        lines = tuple(text for text in (fact, hint if feedback != "symptom" else "") if text)
        heading = exercise.name if lines else f"{exercise.name} · all {len(findings.judged)} runs agree"
        report = Report(heading, says=lines, parts=_parts(findings), read_again=_read_again(findings, card))
        return fact, hint, report
    fact = _fact(findings, shown, card, complete=True)
    hint = _hint(findings, card)
    student_fact = _fact(findings, shown, card, complete=not shown.key.hidden)
    difference = earliest(shown.comparisons)
    open_numbers = feedback == "numbers" and not shown.key.hidden
    says = [student_fact] if student_fact else []
    ratio = sentence_of_ratio(_ratio(shown)) if not findings.diagnosis else ""
    if ratio and feedback != "symptom" and ratio not in student_fact:
        says.append(ratio)
    if feedback != "symptom":
        says += [text for text in (hint, *findings.hint_faults[:1]) if text and text not in says]
    report = Report(
        heading=f"{exercise.name} · {_sentence(shown)}",
        agrees=agreement(shown.comparisons, labels=not shown.key.hidden),
        differs=_differs(shown, difference),
        rows=_rows(shown, difference) if open_numbers and difference is not None else (),
        off=_off(exercise, shown, difference) if feedback != "symptom" else "",
        says=tuple(says),
        next=_next(shown, difference) if open_numbers and difference is not None else "",
        parts=_parts(findings),
        read_again=_read_again(findings, card) if feedback != "symptom" else "",
        curve=_curve(shown) if open_numbers else None,
    )
    return fact, hint, report


def absent_report(exercise: Exercise, observation: Observation) -> tuple[str, Report]:
    """Return fact and report of an exercise that has no answer at all."""
    if observation.outcome == "not-attempted":
        fact = f"{exercise.name} is not attempted yet: it still raises NotImplementedError."
        heading = f"{exercise.name} · not attempted"
        next_action = "write the function, run its cell, then run the check cell again"
    elif observation.error is not None:
        fact = f"There is no {exercise.name}: its cell stops with {said(observation.error)}."
        heading = f"{exercise.name} · its cell does not run"
        next_action = "mend that line, run the cell, then run the check cell again"
    else:
        fact = f"There is no function called {exercise.name}."
        heading = f"{exercise.name} · not found"
        next_action = f"write {exercise.signature.removeprefix('def ')} under exactly this name"
    return fact, Report(heading, says=(fact,), next=next_action, parts=())


def said(error: Raised, *, complete: bool = True) -> str:
    """Return an exception as words: type, message and the student's line.

    Where they could carry a hidden input, the message, the text of the line and a type of the program's own are left
    out.
    """
    kind = error.type if complete or hasattr(builtins, error.type) else "an exception of its own"
    message = f": {error.message.strip().splitlines()[0][:300]}" if complete and error.message.strip() else ""
    if not error.frames:
        return f"{kind}{message}"
    frame = error.frames[-1]
    place = f"line {frame.line}" + (f" of cell {frame.cell}" if frame.cell else "")
    source = f", `{frame.source.strip()[:120]}`" if complete and frame.source.strip() else ""
    return f"{kind}{message} ({place}{source})"


def _shown(judged: Sequence[Judged]) -> Judged | None:
    """Choose the case a student sees: public before hidden, telling before trivial, numbers before nothing."""
    wrong = [case for case in judged if not case.right]
    if not wrong:
        return None

    def rank(case: Judged) -> tuple[bool, bool, bool]:
        return (case.key.hidden, case.dtype != "float64", case.key.case.trivial)

    return min(wrong, key=rank)


def _sentence(case: Judged) -> str:
    sentence = "a hidden case" if case.key.hidden else case.key.case.sentence
    return sentence if case.dtype == "float64" else f"{sentence}, in {case.dtype} on {case.device}"


def _parts(findings: Findings) -> tuple[tuple[str, float, float], ...]:
    if findings.marks.full:
        return ()
    return tuple((name, round(earned, 4), round(possible, 4)) for name, earned, possible in findings.marks.parts)


def _texts(findings: Findings, card: Card) -> list[MistakeText]:
    if not findings.diagnosis:
        return []
    return [card.texts[one] for one in findings.diagnosis[0].split("+") if one in card.texts]


def _hint(findings: Findings, card: Card) -> str:
    return " ".join(text.hint for text in _texts(findings, card))


def _read_again(findings: Findings, card: Card) -> str:
    for text in _texts(findings, card):
        if text.topic in card.topics:
            return card.topics[text.topic]
    return ""


def _fact(findings: Findings, shown: Judged, card: Card, *, complete: bool) -> str:
    name, observation = findings.exercise.name, shown.observation
    if observation.outcome == "raised" and observation.error is not None:
        facts = [f"{name} stops with {said(observation.error, complete=complete)}."]
        facts += [text.fact for text in _texts(findings, card)]
        return " ".join(facts)
    if observation.outcome == "timed-out":
        if observation.text and complete:
            return f"{name} is not judged: {observation.text}."
        return f"{name} does not come back within {card.call_seconds:g} seconds."
    if observation.outcome == "died":
        return f"The process ends while {name} runs, without an answer."
    if observation.outcome == "missing":
        return f"There is no function called {name} any more."
    if observation.outcome == "not-attempted":
        return f"{name} raises NotImplementedError."
    if observation.outcome == "unreadable":
        return f"The answer of {name} is too large or cannot be read."
    texts = [text.fact for text in _texts(findings, card)]
    pictured = findings.exercise.probe == "figure" and shown.faults and complete  # the sentence on a picture says more
    if texts and not pictured:
        extra = _changed_sentence(name, shown) if "arguments-modified" in "+".join(findings.diagnosis) else ""
        return " ".join([*texts, extra]).strip()
    problems = _problems(shown) if complete else _kinds_of_problem(shown)
    sentences = [_as_sentence(text, name) for text in dict.fromkeys(problems)]
    changed = _changed_sentence(name, shown)
    if changed:
        sentences.append(changed)
    if not sentences:
        differs = _differs(shown, earliest(shown.comparisons))
        sentences = [f"The first difference is {differs}." if differs else "", sentence_of_ratio(_ratio(shown))]
    return " ".join(sentence for sentence in sentences[:4] if sentence)


def _problems(shown: Judged) -> list[str]:
    """Return what is wrong beside the numbers, with everything that is known of it."""
    problems = [fault.sentence for fault in shown.faults]
    return problems + [comparison.problem for comparison in shown.comparisons if comparison.problem]


def _kinds_of_problem(shown: Judged) -> list[str]:
    """Return the same without a word or number that comes from a hidden case, or from what a program made of it."""
    parts = [fault.aspect for fault in shown.faults if fault.aspect not in {"", "form"}]
    parts += ["form of the answer"] * any(fault.aspect in {"", "form"} for fault in shown.faults)
    problems = [f"the {part} is not what is asked for" for part in parts]
    words = [comparison.quantity.words for comparison in shown.comparisons if comparison.problem]
    return problems + [f"{one} has not the form or the value that is expected" for one in words]


def _as_sentence(text: str, name: str) -> str:
    """Return a text that begins with a capital and ends with a stop; names of the program stay as they are written."""
    text = text.strip()
    first = text.partition(" ")[0]
    if first != name and (len(first) > 1 or first == "a") and "_" not in first and "(" not in first:
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _changed_sentence(name: str, shown: Judged) -> str:
    if not shown.changed:
        return ""
    names = " and ".join(shown.changed) if len(shown.changed) < 3 else ", ".join(shown.changed)
    return f"{name} changes its argument{'s' if len(shown.changed) > 1 else ''} {names}."


def _timing(shown: Judged) -> tuple[int, int]:
    expected = shown.key.expected
    path = as_numbers(expected.get("w"))
    loss = as_numbers(expected.get("loss"))
    updates = 0 if path is None or path.ndim != 1 else len(path) - 1
    epochs = 0 if loss is None or loss.ndim != 1 else len(loss)
    return updates, epochs


def _differs(shown: Judged, difference: Comparison | None) -> str:
    if shown.observation.outcome != "returned" or not shown.observation.values:
        return ""
    if difference is None:
        return "" if not shown.changed else "the arguments after the call"
    label = difference.name.removeprefix(difference.quantity.name).replace("@", " for ")
    words = difference.quantity.words + ("" if shown.key.hidden else label)  # a label is an argument: a rate, a size
    timed = difference.quantity.kind in {"path", "trajectory"}
    if timed and difference.step is not None:
        moment = when(difference.quantity, difference.step, *_timing(shown))
        return f"{words} {moment}"
    return words


def _rows(shown: Judged, difference: Comparison) -> tuple[ReportLine, ...]:
    """Return the numbers at the moment of the first difference, all quantities that share it."""
    lines = []
    for comparison in shown.comparisons:
        same_kind = comparison.quantity.together == difference.quantity.together and comparison.quantity.together
        if comparison is not difference and not same_kind:
            continue
        mine = as_numbers(shown.observation.values.get(comparison.name))
        expected = as_numbers(shown.key.expected.get(comparison.name))
        if mine is None or expected is None:
            continue
        pair = _entry(mine, expected, difference)
        if pair is not None:
            yours, due = pair
            lines.append(
                ReportLine(comparison.name.replace("@", " for "), number(yours), number(due), f"{shown.tau:.0e}")
            )
    return tuple(lines)


def _entry(mine: np.ndarray, expected: np.ndarray, difference: Comparison) -> tuple[float, float] | None:
    if mine.ndim == 0 and expected.ndim == 0:
        return float(mine), float(expected)
    step = difference.step
    if step is None or mine.ndim != expected.ndim or step >= len(mine) or step >= len(expected):
        return None
    rows_mine, rows_expected = np.atleast_1d(mine[step]).ravel(), np.atleast_1d(expected[step]).ravel()
    if rows_mine.size != rows_expected.size:
        return None
    column = 0 if rows_mine.size == 1 else int(np.argmax(np.abs(rows_mine - rows_expected)))
    return float(rows_mine[column]), float(rows_expected[column])


def _off(exercise: Exercise, shown: Judged, difference: Comparison | None) -> str:
    return "" if difference is None else sentence_of_distance(shown, difference, exercise.measured)


def _ratio(shown: Judged) -> float | None:
    """Return the ratio of the first changes; on a hidden case, whose numbers it would carry, a telling one only."""
    if shown.observation.outcome != "returned":
        return None
    ratio = ratio_of_changes(shown.key.expected, shown.observation.values)
    if ratio is not None and shown.key.hidden and not any(math.isclose(ratio, one, abs_tol=1e-6) for one in RATIOS):
        return None
    return ratio


def _next(shown: Judged, difference: Comparison) -> str:
    """Return the next thing to look at, with the number it should be where the path gives it."""
    rate = shown.key.case.arguments.get("lr")
    if difference.quantity.kind != "path" or not difference.step or not isinstance(rate, float):
        return ""
    name = "w" if difference.name.startswith("w") else "b"
    path = as_numbers(shown.key.expected.get(difference.name))
    if path is None or path.ndim != 1:
        return ""
    step = difference.step
    gradient = (path[step - 1] - path[step]) / rate
    before = "the first update" if step == 1 else f"update {step}"
    return f"print the gradient of {name} before {before}; it should be {number(float(gradient))}"


def _curve(shown: Judged) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    mine, expected = as_numbers(shown.observation.values.get("loss")), as_numbers(shown.key.expected.get("loss"))
    if mine is None or expected is None or mine.ndim != 1 or len(expected) < 2 or len(mine) == 0:
        return None
    return tuple(float(value) for value in mine[:1000]), tuple(float(value) for value in expected[:1000])
