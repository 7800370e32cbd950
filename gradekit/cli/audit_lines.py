"""What an audit found, as lines for people, 80 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from gradekit.author import AnswerBook
from gradekit.quality.audit import (
    CONFIDENCE,
    METHOD,
    GradedAnswer,
    QuestionAudit,
    Rate,
    pooled,
    unexplained_survivors,
)

WIDTH = 80
NUMBERS = ("false_rejects", "false_accepts", "surviving")


def rates(measured: Sequence[QuestionAudit]) -> Iterator[str]:
    """Yield the table of error rates."""
    names = max(8, *(len(one.question) for one in measured))
    head = ("right: rejected", "wrong: accepted", "mutants: survive")
    yield f"{'':<{names}}  " + "  ".join(f"{title:<19}" for title in head).rstrip()
    for one in measured:
        cells = [_rate(getattr(one, rate)) for rate in NUMBERS]
        yield f"{one.question:<{names}}  " + "  ".join(f"{cell:<19}" for cell in cells).rstrip()
    cells = [_rate(pooled(measured, rate)) for rate in NUMBERS]
    yield f"{'together':<{names}}  " + "  ".join(f"{cell:<19}" for cell in cells).rstrip()
    yield f"In brackets {CONFIDENCE:.0%} intervals after {METHOD}."


def _rate(rate: Rate) -> str:
    """Return a count, of how many, and the interval in per cent."""
    if not rate.of:
        return "none tried"
    low, high = (percent(bound) for bound in rate.interval)
    return f"{rate.count} of {rate.of} ({low}-{high} %)"


def percent(share: float) -> str:
    """Return a share in per cent with two digits that count, 0 and 100 as they are."""
    return f"{100 * share:.2g}" if 0.0005 < share < 0.995 else f"{100 * share:.3g}"


def checks(measured: QuestionAudit) -> Iterator[str]:
    """Yield what each check of a question catches."""
    wrong = measured.false_accepts.of + measured.surviving.of
    sampled = len([t for t in measured.answers if t.kind == "mutant"])
    of = (
        f"{sampled} of {measured.mutants_made}" if sampled < measured.mutants_made else f"{sampled}"
    )
    yield f"{measured.question}: {wrong} wrong answers and mutants (of {of} mutants tried,"
    yield f"{len(measured.equivalent):>4} are equivalent as far as the oracle can tell)"
    for place, name in enumerate(measured.checks):
        hidden = "hidden" if measured.hidden[place] else "public"
        counts = f"{len(measured.caught[place]):>4} caught {measured.alone(place):>4} alone"
        yield f"  {hidden} {counts}  {textwrap.shorten(name, WIDTH - 34, placeholder='...')}"
    for first, second in measured.redundant:
        yield from wrapped(f'"{first}" and "{second}" catch exactly the same.')


def findings(measured: QuestionAudit, book: AnswerBook) -> Iterator[str]:
    """Yield everything that an author must look at, with its source; nothing if all is well."""
    unexplained = {id(one) for one in unexplained_survivors(measured, book)}
    groups: list[tuple[str, Sequence[GradedAnswer]]] = [
        ("mislabelled, the oracle contradicts", measured.disputed),
        ("a check failed by itself", measured.undecided),
        ("right, but rejected", measured.rejected),
        ("wrong, but gets all points", measured.accepted),
        ("mutant survives", [one for one in measured.survivors if id(one) in unexplained]),
    ]
    for title, trials in groups:
        for trial in trials:
            yield from _finding(measured, title, trial)
    for name in measured.idle:
        yield from wrapped(f'{measured.question}: the check "{name}" fails no wrong answer.', "")


def _finding(measured: QuestionAudit, title: str, trial: GradedAnswer) -> Iterator[str]:
    yield from wrapped(f"{measured.question}, {title}: {trial.name}", "")
    if trial.why:
        yield from wrapped(f"oracle: {trial.why}")
    for name, verdict, message in zip(measured.checks, trial.verdicts, trial.messages, strict=True):
        if verdict != "passed":
            yield from wrapped(f"{verdict}: {name}: {message}")
    for line in "\n# %%\n".join(trial.cells).split("\n"):
        yield f"    {line}"[: WIDTH + 20]


def notes(measured: QuestionAudit, book: AnswerBook) -> Iterator[str]:
    """Yield what is worth knowing and stops nothing."""
    survivors = {one.name for one in measured.survivors}
    for trial in measured.survivors:
        if why := book.explained.get((measured.question, trial.name)):
            yield from wrapped(f"{measured.question}, explained survivor: {trial.name}", "")
            yield from wrapped(why)
    for question, name in book.explained:
        if question == measured.question and name not in survivors:
            yield from wrapped(f"{question}: explained in audit.toml, but no survivor: {name}", "")
    for trial in measured.rejected_equivalents:
        yield from wrapped(
            f"{measured.question}, the oracle passes it and the checks do not: {trial.name}", ""
        )


def wrapped(text: str, indent: str = "  ") -> list[str]:
    """Return a text in lines."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")


def unmeasured(book: AnswerBook, asked: Sequence[str]) -> Iterator[str]:
    """Yield which questions are not measured here."""
    lacking = [name for name in asked if name not in book.questions and name not in book.leave]
    if book.leave:
        yield from wrapped(f"left to other measures: {', '.join(book.leave)}", "")
    if lacking:
        yield from wrapped(f"NOT MEASURED, no answers: {', '.join(lacking)}", "")


def as_json(measured: Sequence[QuestionAudit], book: AnswerBook) -> dict[str, Any]:
    """Return all that was found, for machines."""
    return {
        "method": METHOD,
        "confidence": CONFIDENCE,
        "together": {rate: pooled(measured, rate).to_json() for rate in NUMBERS},
        "questions": [
            {
                **one.to_json(),
                **{rate: getattr(one, rate).to_json() for rate in NUMBERS},
                "idle": one.idle,
                "redundant": one.redundant,
                "survivors": [
                    {"mutant": t.name, "why": book.explained.get((one.question, t.name))}
                    for t in one.survivors
                ],
            }
            for one in measured
        ],
    }
