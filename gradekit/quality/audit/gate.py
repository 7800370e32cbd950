"""The error rates that an author stands by, and the builds they stop.

`audit.json` beside the master holds what was measured when the author last accepted it,
with a digest of all it depends on. A build measures again only what has changed since,
and is refused where the checks got worse, or where one of them fails nobody; unless the
author accepts the new numbers of that question by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradekit.author import AnswerBook, Built, coding, example_answers
from gradekit.core.errors import AuthorError
from gradekit.quality.audit.audit import Audit
from gradekit.quality.audit.rates import CONFIDENCE, METHOD, Measured, Rate, Trial

NAME = "audit.json"
FORMAT = 1
RATES = ("right", "wrong", "mutants")
HINT = "no answers/ beside the master, so nobody knows how good its checks are (gradekit audit -h)"
NAMED = 3  # answers that a sentence names

Row = dict[str, Any]  # the numbers of one question, as in the file


@dataclass
class Gate:
    """Lets a build pass if its checks are as good as the committed ones."""

    audit_of: Callable[[Built, AnswerBook], Audit]
    accepted: Sequence[str] = ()
    measuring: Callable[[Audit, Sequence[str]], list[Measured]] = lambda audit, names: (
        audit.measure(names)
    )
    line: str = HINT
    _new: dict[Path, str] = field(default_factory=dict)

    def admit(self, built: Built) -> None:
        """Measure what has changed, and refuse what got worse.

        Raises
        ------
        AuthorError
            If it did, or answers are not what they should be: one sentence for each.
        """
        book = example_answers.read(built.master)
        if book is None:
            return
        path = built.master.folder / NAME
        before = committed(path)
        self._refuse_unknown(book)
        audit = self.audit_of(built, book)
        kept = {
            name: row
            for name in audit.questions
            if (row := before.get(name)) and row["digest"] == audit.digest(name)
        }
        measured = self.measuring(audit, [name for name in audit.questions if name not in kept])
        wrong = [f"{path}: {text}" for text in _missing(before, audit, self.accepted)]
        for one in measured:
            if one.question not in self.accepted:
                texts = worse(one, book, before.get(one.question, {}))
                wrong += [f"{book.folder}, {one.question}: {text}" for text in texts]
        if wrong:
            raise AuthorError("\n".join(wrong))
        fresh = {one.question: row_of(one, book) for one in measured}
        rows = {name: kept.get(name) or fresh[name] for name in audit.questions}
        self.line = summary(rows)
        self._new = {path: dumped(rows)}

    def commit(self) -> None:
        """Write down what was accepted, after the build is in its place."""
        for path, text in self._new.items():
            if not path.is_file() or path.read_text("utf-8") != text:
                path.write_text(text, encoding="utf-8", newline="\n")

    def _refuse_unknown(self, book: AnswerBook) -> None:
        for name in self.accepted:
            if name not in book.questions:
                raise AuthorError(
                    f"--accept-rates {name}: no question of this name has answers. "
                    f"There are {', '.join(book.questions)}."
                )


def committed(path: Path) -> dict[str, Row]:
    """Return the committed numbers by question, none where there is no file.

    Raises
    ------
    AuthorError
        If the file is not one that was written here.
    """
    if not path.is_file():
        return {}
    try:
        data = json.loads(path.read_text("utf-8"))
        if data["format"] != FORMAT:
            raise KeyError("format")
        return {str(name): dict(row) for name, row in data["questions"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AuthorError(
            f"{path} is not what a build wrote ({error!r}). Restore it, or remove it and build."
        ) from None


def dumped(rows: Mapping[str, Row]) -> str:
    """Return the file with these numbers."""
    about = (
        "How often the checks are wrong, as last accepted. Written by `gradekit build`, which "
        "refuses worse numbers; `gradekit audit` shows the answers behind them. "
        f"low and high bound each share: {METHOD}, {CONFIDENCE:.0%}."
    )
    data = {"about": about, "format": FORMAT, "questions": rows}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def row_of(measured: Measured, book: AnswerBook) -> Row:
    """Return the numbers of one question as they are committed."""
    unexplained = [one.name for one in unexplained_survivors(measured, book)]
    return {
        "digest": measured.digest,
        "right": {**measured.false_rejects.to_json(), "rejected": _names(measured.rejected)},
        "wrong": {**measured.false_accepts.to_json(), "accepted": _names(measured.accepted)},
        "mutants": {
            **measured.surviving.to_json(),
            "made": measured.mutants_made,
            "equivalent": len(measured.equivalent),
            "survivors": _names(measured.survivors),
            "unexplained": unexplained,
        },
        "checks": {
            name: {"catches": len(found), "alone": measured.alone(place)}
            for place, (name, found) in enumerate(
                zip(measured.checks, measured.caught, strict=True)
            )
        },
    }


def unexplained_survivors(measured: Measured, book: AnswerBook) -> list[Trial]:
    """Return the mutants that get all points although nobody has said why they may."""
    return [
        one for one in measured.survivors if (measured.question, one.name) not in book.explained
    ]


def worse(measured: Measured, book: AnswerBook, before: Row) -> Iterator[str]:
    """Say in what a question's checks are worse than the committed ones, or cannot be."""
    question = measured.question
    remedy = f'or accept the new numbers with "--accept-rates {question}"'
    for trial in measured.disputed:
        said = f"the oracle says: {trial.why}" if trial.why else "the oracle finds nothing wrong"
        yield f"the {trial.kind} answer {trial.name} is mislabelled ({said}). Move or correct it."
    for trial in measured.undecided:
        yield f"a check fails by itself on {trial.name}. Mend it, {remedy}."
    unexplained = unexplained_survivors(measured, book)
    for found, of, kind, what in (
        (measured.rejected, measured.false_rejects.of, "right", "right answers are rejected"),
        (measured.accepted, measured.false_accepts.of, "wrong", "wrong answers get all points"),
        (unexplained, measured.surviving.of, "mutants", "wrong mutants get all points"),
    ):
        old = _committed_rate(before, kind)
        if Rate(count=len(found), of=of).share > old.share:
            yield (
                f"{len(found)} of {of} {what}, {old.count} of {old.of} when last accepted: "
                f"{_some(found)}. Mend the checks, {remedy}."
            )
    known = {name for name, row in before.get("checks", {}).items() if not row["catches"]}
    for name in measured.idle:
        if name not in known:
            yield (
                f'the check "{name}" cannot fail: no wrong answer and no mutant does. '
                f"Mend or remove it, add a wrong answer that it catches, {remedy}."
            )


def _committed_rate(before: Row, kind: str) -> Rate:
    row = before.get(kind, {"count": 0, "of": 0})
    count = len(row["unexplained"]) if kind == "mutants" and "unexplained" in row else row["count"]
    return Rate(count=count, of=row["of"])


def _missing(before: Mapping[str, Row], audit: Audit, accepted: Sequence[str]) -> Iterator[str]:
    """Find questions that were measured, are still asked, and are not measured any more."""
    asked = {question.name for question in audit.built.master.questions if coding(question)}
    left = {*audit.questions, *audit.book.leave, *accepted}
    for name in before:
        if name in asked and name not in left:
            yield (
                f"{name} was measured, and has no answers any more. Restore answers/{name}, "
                'or name it under "leave" in audit.toml.'
            )


def _names(trials: Sequence[Trial]) -> list[str]:
    return [trial.name for trial in trials]


def _some(trials: Sequence[Trial]) -> str:
    names = _names(trials)
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return "; ".join(names[:NAMED]) + more


def summary(rows: Mapping[str, Row]) -> str:
    """Return the error rates of all questions in one line."""
    right, wrong, mutants = (
        Rate(
            count=sum(row[kind]["count"] for row in rows.values()),
            of=sum(row[kind]["of"] for row in rows.values()),
        )
        for kind in RATES
    )
    parts = (("right", right), ("wrong", wrong), ("mutants", mutants))
    return "errors: " + ", ".join(
        f"{kind} {rate.count} / {rate.of}{_most(rate)}" for kind, rate in parts
    )


def _most(rate: Rate) -> str:
    """Return the upper bound of a share."""
    return f" (<{100 * rate.interval[1]:.2g} %)" if rate.of else ""
