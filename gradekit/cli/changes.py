"""Changes of a class as lines for people: who goes up, who goes down, and why.

Pure functions from what a regrade found to text of at most 80 columns, to be read
before anything is published.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from gradekit.core.text import cut, duration, name_width, number, score
from gradekit.grading import Change

WIDTH = 80


def lines(changes: Sequence[Change], seconds: float) -> Iterator[str]:
    """Yield what a regrade found, the moves first."""
    judged = {name for change in changes for name in change.judged}
    if judged:
        text = f"checked again: {', '.join(sorted(judged))}"
        yield textwrap.fill(text, WIDTH, subsequent_indent="  ")
    yield from _totals(changes)
    names = name_width(change.handin.id for change in changes)
    for what in ("up", "down", "without points before"):
        moved = [change for change in changes if _move(change) == what]
        if moved:
            yield f"{what}, {len(moved)}:"
        for change in moved:
            start = f"  {cut(change.handin.id, names):<{names}}  {_points(change)}  "
            yield f"{start}{cut(_causes(change), WIDTH - len(start))}".rstrip()
    yield f"the same, {sum(_move(change) == 'same' for change in changes)}"
    waiting = needing(changes)
    if waiting:
        yield f"a sandbox is needed, {len(waiting)}:"
    for change in waiting:
        start = f"  {cut(change.handin.id, names):<{names}}  "
        yield f"{start}{cut(change.why, WIDTH - len(start))}"
    spent = sum(c.before.seconds for c in changes if c.before and c.after)
    if spent:
        yield f"no student's code ran: {duration(seconds)}, where grading took {duration(spent)}"


def needing(changes: Sequence[Change]) -> list[Change]:
    """Return the submissions that no recording can answer for."""
    return [change for change in changes if change.after is None]


def _totals(changes: Sequence[Change]) -> Iterator[str]:
    before = {number(c.before.out_of) for c in changes if c.before and c.after}
    after = {number(c.after.out_of) for c in changes if c.before and c.after}
    if before != after:
        yield f"points to earn: {', '.join(sorted(before))} -> {', '.join(sorted(after))}"


def _move(change: Change) -> str:
    """Return where a submission goes; empty for one that has to be graded first."""
    if change.after is None:
        return ""
    old = change.before.points if change.before else None
    new = change.after.points
    if old is None or new is None:
        return "same" if old == new else "without points before"
    if abs(new - old) < 1e-9:
        return "same"
    return "up" if new > old else "down"


def _points(change: Change) -> str:
    before = score(change.before) if change.before else "ungraded"
    return f"{before} -> {score(change.after) if change.after else '?'}"


def _causes(change: Change) -> str:
    """Return the checks that earn other points now, those of one question together."""
    marks = [
        {(q.name, mark.name): mark.points for q in report.questions for mark in q.checks}
        for report in (change.before, change.after)
        if report is not None
    ]
    old, new = marks if len(marks) == 2 else ({}, {})
    moved: dict[str, list[str]] = {}
    for question, check in [*new, *(key for key in old if key not in new)]:
        if old.get((question, check)) != new.get((question, check)):
            moved.setdefault(question, []).append(check)
    return ", ".join(f"{question} ({', '.join(checks)})" for question, checks in moved.items())
