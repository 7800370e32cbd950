"""What an audit found, as one page that opens anywhere: pictures, and every answer's text.

The picture of a question has a column for each answer and a row for each check. Shape and
colour say the same: a filled square is a check that failed, a small dot one that passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from gradekit.author import AnswerBook
from gradekit.cli.audit_lines import NUMBERS, percent
from gradekit.core.errors import GraderError
from gradekit.quality.audit.rates import (
    CONFIDENCE,
    METHOD,
    GradedAnswer,
    QuestionAudit,
    Rate,
    pooled,
)

CELL, GAP, LABELS, TOP, NARROW = 12, 14, 320, 34, 76  # of a picture, in its units
GROUPS = (("blank", "blank"), ("right", "right"), ("wrong", "wrong"), ("mutant", "mutants"))
LONGEST = 46  # characters of a check's name beside the picture
SHAPES = {"passed": "dot", "failed": "square", "stopped": "bar", "unmarked": "ring"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One sign in a picture."""

    x: float
    y: float
    shape: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All that a template needs to draw one question."""

    measured: QuestionAudit
    width: float
    height: float
    groups: list[tuple[float, float, str, int]]  # left, right, title, how many
    rows: list[tuple[float, str]]
    marks: list[Mark]
    columns: list[tuple[float, str]]  # of what is marked wrongly, with the sentence
    answers: list[tuple[str, GradedAnswer]]  # the verdict on the checks in words, and the answer


def write(path: Path, measured: Sequence[QuestionAudit], book: AnswerBook, title: str) -> None:
    """Write the page.

    Raises
    ------
    GraderError
        If the file cannot be written.
    """
    jinja = import_module("jinja2")
    folder = Path(__file__).parents[2] / "pages" / "templates"
    environment = jinja.Environment(
        loader=jinja.FileSystemLoader(folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja.StrictUndefined,
    )
    environment.globals.update(percent=percent, labels=LABELS, top=TOP)
    text = environment.get_template("audit.html").render(
        title=title,
        pictures=[_picture(one, book) for one in measured],
        together=_bars(measured),
        left=book.leave,
        explained=book.explained,
        method=f"{CONFIDENCE:.0%} intervals after {METHOD}",
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise GraderError(f"{path} cannot be written ({error}). Name another file.") from error


def _bars(measured: Sequence[QuestionAudit]) -> list[dict[str, Any]]:
    """Return the three rates of each question and of all together."""
    rows = [
        {"name": one.question, "rates": [getattr(one, rate) for rate in NUMBERS]}
        for one in measured
    ]
    rates: list[Rate] = [pooled(measured, rate) for rate in NUMBERS]
    return [*rows, {"name": "together", "rates": rates}]


def _picture(measured: QuestionAudit, book: AnswerBook) -> Picture:
    """Lay out one question: groups of columns from left to right, a row for each check."""
    x, groups, marks, columns, trials = float(LABELS), [], [], [], []
    bottom = TOP + CELL * len(measured.checks)
    for kind, title in GROUPS:
        found = [one for one in _shown(measured) if one.kind == kind]
        start = x
        for trial in found:
            marks += [
                Mark(
                    x=x,
                    y=TOP + CELL * row,
                    shape=SHAPES[verdict],
                    says=f"{trial.name}: {verdict}: {measured.checks[row]}",
                )
                for row, verdict in enumerate(trial.verdicts)
            ]
            said = _verdict(measured, trial, book)
            if said.startswith("!"):
                columns.append((x, f"{trial.name}: {said[1:]}"))
            trials.append((said.lstrip("!"), trial))
            x += CELL
        if found:
            groups.append((start, x, title, len(found)))
            x = max(x, start + NARROW) + GAP
    rows = [
        (TOP + CELL * (row + 0.8), _short(name, measured.hidden[row]))
        for row, name in enumerate(measured.checks)
    ]
    return Picture(
        measured=measured, width=x, height=bottom + 18, groups=groups, rows=rows,
        marks=marks, columns=columns, answers=trials,
    )  # fmt: skip


def _shown(measured: QuestionAudit) -> Iterator[GradedAnswer]:
    """Yield the answers that count, and those with a wrong label."""
    equivalent = {id(one) for one in measured.equivalent}
    return (one for one in measured.answers if id(one) not in equivalent)


def _verdict(measured: QuestionAudit, trial: GradedAnswer, book: AnswerBook) -> str:
    """Say how the checks did on an answer; what they or the author did wrong begins with "!"."""
    why = book.explained.get((measured.question, trial.name))
    if trial.disputed:
        return "!mislabelled: the oracle contradicts"
    if trial.kind == "right":
        return "accepted" if trial.full else "!falsely rejected"
    if not trial.full:
        return "caught"
    if trial.kind == "mutant":
        return f"survives: {why}" if why else "!survives"
    return "!falsely accepted"


def _short(name: str, hidden: bool) -> str:
    text = name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
    return f"{text} ({'hidden' if hidden else 'public'})"
