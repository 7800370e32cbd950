"""The gate: a build is refused if the error rates of its checks got worse.

`audit.json` beside the master holds the rates that the author accepted last, with a
digest of everything in the assignment that they depend on. A build measures again only
what has changed since. It is refused if a rate got worse or if a check fails no answer,
unless the author accepts the new numbers of that question by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradekit.author import AnswerBook, Built, coding, example_answers
from gradekit.core.errors import AuthorError
from gradekit.core.files import replace_file
from gradekit.quality.audit.measurement import Audit
from gradekit.quality.audit.rates import CONFIDENCE, METHOD, GradedAnswer, QuestionAudit, Rate

NAME = "audit.json"
FORMAT = 1
RATES = ("right", "wrong", "mutants")
HINT = "No example answers in answers/, so the checks were not measured (see gradekit audit -h)"
MAX_NAMED = 3  # answers that a sentence names

Row = dict[str, Any]  # the numbers of one question, as in the file


@dataclass
class Gate:
    """Admits a build if its checks are as good as the committed rates say."""

    audit_of: Callable[[Built, AnswerBook], Audit]
    accepted: Sequence[str] = ()  # questions whose new rates the author accepts
    measuring: Callable[[Audit, Sequence[str]], list[QuestionAudit]] = lambda audit, names: (
        audit.measure(names)
    )
    line: str = HINT  # to print after the build
    _files: dict[Path, str] = field(default_factory=dict)

    def admit(self, built: Built) -> None:
        """Measure what has changed, and refuse the build if it got worse.

        Raises
        ------
        AuthorError
            If a rate got worse, or an example answer is not as it should be: one
            sentence for each.
        """
        book = example_answers.read(built.master)
        if book is None:
            return  # measuring is an offer: a new assignment has no example answers yet
        path = built.master.folder / NAME
        before = committed(path)
        self._refuse_unknown(book)
        audit = self.audit_of(built, book)
        unchanged = {
            name: row
            for name in audit.questions
            if (row := before.get(name)) and row["digest"] == audit.digest(name)
        }
        changed = [name for name in audit.questions if name not in unchanged]
        results = self.measuring(audit, changed)
        mistakes = [f"{path}: {text}" for text in _unmeasured(before, audit, self.accepted)]
        for result in results:
            if result.question not in self.accepted:
                sentences = regressions(result, book, before.get(result.question, {}))
                mistakes += [f"{book.folder}, {result.question}: {text}" for text in sentences]
        if mistakes:
            raise AuthorError("\n".join(mistakes))
        measured = {result.question: row_of(result, book) for result in results}
        rows = {name: unchanged.get(name) or measured[name] for name in audit.questions}
        self.line = summary(rows)
        self._files = {path: file_text(rows)}

    def commit(self) -> None:
        """Write the accepted rates, once the build is in its place.

        Raises
        ------
        GraderError
            If the file cannot be written; the earlier one stays.
        """
        for path, text in self._files.items():
            # An equal file keeps its time, so that make and editors see no change.
            if not path.is_file() or path.read_text("utf-8") != text:
                replace_file(path, text)

    def _refuse_unknown(self, book: AnswerBook) -> None:
        for name in self.accepted:
            if name not in book.questions:
                raise AuthorError(
                    f"--accept-rates {name}: no question of this name has answers. "
                    f"There are {', '.join(book.questions)}."
                )


def committed(path: Path) -> dict[str, Row]:
    """Return the committed rates by question; none if there is no file.

    Raises
    ------
    AuthorError
        If the file was not written by `gradekit build`.
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
            f"{path} was not written by gradekit build ({error!r}). "
            "Restore it, or remove it and build."
        ) from None


def file_text(rows: Mapping[str, Row]) -> str:
    """Return the content of audit.json."""
    about = (
        "How often the checks are wrong, as last accepted. Written by `gradekit build`, which "
        "refuses worse numbers; `gradekit audit` shows the answers behind them. "
        f"low and high bound each share: {METHOD}, {CONFIDENCE:.0%}."
    )
    data = {"about": about, "format": FORMAT, "questions": rows}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def row_of(result: QuestionAudit, book: AnswerBook) -> Row:
    """Return the numbers of one question as they are committed."""
    return {
        "digest": result.digest,
        "right": {**result.false_rejects.to_json(), "rejected": _names(result.rejected)},
        "wrong": {**result.false_accepts.to_json(), "accepted": _names(result.accepted)},
        "mutants": {
            **result.surviving.to_json(),
            "made": result.mutants_made,
            "equivalent": len(result.equivalent),
            "survivors": _names(result.survivors),
            "unexplained": _names(unexplained_survivors(result, book)),
        },
        "checks": {
            name: {"catches": len(caught), "alone": result.alone(check)}
            for check, (name, caught) in enumerate(zip(result.checks, result.caught, strict=True))
        },
    }


def unexplained_survivors(result: QuestionAudit, book: AnswerBook) -> list[GradedAnswer]:
    """Return the surviving mutants that audit.toml does not explain."""
    return [
        mutant
        for mutant in result.survivors
        if (result.question, mutant.name) not in book.explained
    ]


def regressions(result: QuestionAudit, book: AnswerBook, before: Row) -> Iterator[str]:
    """Yield a sentence for each way in which a question's checks are wrong or got worse."""
    question = result.question
    remedy = f'or accept the new numbers with "--accept-rates {question}"'
    for answer in result.disputed:
        reason = f"the oracle says: {answer.why}" if answer.why else "the oracle finds no mistake"
        yield f"the {answer.kind} answer {answer.name} is mislabelled ({reason}). Move or mend it."
    for answer in result.undecided:
        yield f"a check fails by itself on {answer.name}. Mend the check, {remedy}."
    unexplained = unexplained_survivors(result, book)
    for errors, of, kind, text in (
        (result.rejected, result.false_rejects.of, "right", "right answers are rejected"),
        (result.accepted, result.false_accepts.of, "wrong", "wrong answers get all points"),
        (unexplained, result.surviving.of, "mutants", "wrong mutants get all points"),
    ):
        accepted = _committed_rate(before, kind)
        # The share decides, not its interval: more answers may be added at any time, and an
        # author who adds a wrong answer that gets all points shall hear of it at once.
        if Rate(count=len(errors), of=of).share > accepted.share:
            yield (
                f"{len(errors)} of {of} {text}, {accepted.count} of {accepted.of} when last "
                f"accepted: {_some(errors)}. Mend the checks, {remedy}."
            )
    accepted_idle = {name for name, row in before.get("checks", {}).items() if not row["catches"]}
    for name in result.idle:
        if name not in accepted_idle:
            yield (
                f'the check "{name}" cannot fail: it fails no wrong answer and no mutant. '
                f"Mend or remove it, add a wrong answer that it catches, {remedy}."
            )


def _committed_rate(before: Row, kind: str) -> Rate:
    """Return a rate as it was accepted; explained survivors are no errors."""
    row = before.get(kind, {"count": 0, "of": 0})
    count = len(row["unexplained"]) if kind == "mutants" and "unexplained" in row else row["count"]
    return Rate(count=count, of=row["of"])


def _unmeasured(before: Mapping[str, Row], audit: Audit, accepted: Sequence[str]) -> Iterator[str]:
    """Yield questions that were measured once, and are now asked without being measured.

    Else the checks of a question could get worse by the removal of its answers.
    """
    questions = {question.name for question in audit.built.master.questions if coding(question)}
    excused = {*audit.questions, *audit.book.leave, *accepted}
    for name in before:
        if name in questions and name not in excused:
            yield (
                f"{name} was measured earlier, but has no example answers now. "
                f'Restore answers/{name}, or name it under "leave" in audit.toml.'
            )


def _names(answers: Sequence[GradedAnswer]) -> list[str]:
    return [answer.name for answer in answers]


def _some(answers: Sequence[GradedAnswer]) -> str:
    names = _names(answers)
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return "; ".join(names[:MAX_NAMED]) + more


def summary(rows: Mapping[str, Row]) -> str:
    """Return the error rates of all questions in one line."""
    rates = {
        kind: Rate(
            count=sum(row[kind]["count"] for row in rows.values()),
            of=sum(row[kind]["of"] for row in rows.values()),
        )
        for kind in RATES
    }
    return "errors: " + ", ".join(
        f"{kind} {rate.count} / {rate.of}{_upper_bound(rate)}" for kind, rate in rates.items()
    )


def _upper_bound(rate: Rate) -> str:
    """Return the upper end of a rate's interval, as the line after a build shows it."""
    return f" (<{100 * rate.interval[1]:.2g} %)" if rate.of else ""
