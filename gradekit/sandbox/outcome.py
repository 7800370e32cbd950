"""What a worker printed becomes an outcome that this bundle can have, or an error of ours.

A sandbox is believed only where it agrees with the bundle: the same questions and
checks in the same order, for the same points. Its texts are made safe to print.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from gradekit.core.errors import GraderError
from gradekit.core.escape import one_line, plain
from gradekit.core.marks import Incident, Mark, Outcome, QuestionMark

if TYPE_CHECKING:
    from gradekit.core.bundle import Bundle


MAX_REPORT_BYTES = 8 << 20
MAX_MESSAGE = 2_000  # characters of one message
MAX_NOTES = 50
MAX_NOTE = 300  # characters of one note
MAX_LAST_WORDS = 2_000  # characters of what a worker wrote before it ended
# What JSON that is no outcome may raise; RecursionError at brackets thousands deep.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def worker_failed(code: int, last_words: str, cause: str = "") -> GraderError:
    """Return the error of a worker that ended with another code than 0."""
    return GraderError(
        f"The worker ended with code {code}{cause}, so this submission has no score. "
        f"Its last words, for staff: {last_words[-MAX_LAST_WORDS:].strip() or '(none)'}"
    )


def self_check_failed(sandbox: str, last_words: str) -> GraderError:
    """Return the error of a self-check that ended with another code than 0."""
    # The last line of a traceback is the exception; the lines above it are for --debug.
    lines = last_words.strip().splitlines() or ["no reason given"]
    return GraderError(
        f"The self-check of {sandbox} failed ({one_line(lines[-1])[:MAX_NOTE]}). "
        'Run "gradekit doctor", which says what this machine lacks.'
    )


def parse_outcome(printed: bytes) -> Outcome:
    """Return what a worker printed; its shape is checked by the records it is made of.

    Raises
    ------
    GraderError
        If it is too long or no outcome.
    """
    if len(printed) > MAX_REPORT_BYTES:
        raise GraderError(
            f"The worker's report is longer than {MAX_REPORT_BYTES >> 20} MiB; nothing of it "
            "is used. Grade this submission again, and look at it if that repeats."
        )
    try:
        return Outcome.from_json(json.loads(printed))
    except UNREADABLE as error:
        raise GraderError(
            f"The worker's report cannot be read ({type(error).__name__}: {str(error)[:200]}). "
            "Grade this submission again; it has no score."
        ) from None


def printable_notes(notes: Iterable[str]) -> tuple[str, ...]:
    """Return notes as lines that are safe to print, as many as a report holds."""
    return tuple(one_line(note)[:MAX_NOTE] for note in islice(notes, MAX_NOTES))


def validated_outcome(outcome: Outcome, bundle: Bundle) -> Outcome:
    """Return the outcome with tidy messages, if it is one that this bundle can have.

    Raises
    ------
    GraderError
        If questions, checks, their order or their points are not the bundle's.
    """
    expected = [
        (question.name, [(check.name, check.hidden, check.points) for check in question.checks])
        for question in bundle.questions
        if not question.manual
    ]
    reported = [
        (question.name, [(mark.name, mark.hidden, mark.out_of) for mark in question.checks])
        for question in outcome.questions
    ]
    if reported != expected:
        raise GraderError(
            "the sandbox reported other questions or checks than the bundle has. "
            'Build the assignment again ("gradekit build"), and the image with it.'
        )
    return replace(
        outcome,
        questions=tuple(map(_printable_question, outcome.questions)),
        notes=printable_notes(outcome.notes),
        incidents=tuple(map(_printable_incident, outcome.incidents)),
    )


def _printable_question(question: QuestionMark) -> QuestionMark:
    return replace(question, checks=tuple(map(_printable_mark, question.checks)))


def _printable_mark(mark: Mark) -> Mark:
    return replace(mark, message=plain(mark.message)[:MAX_MESSAGE])


def _printable_incident(incident: Incident) -> Incident:
    return replace(incident, text=one_line(incident.text)[:MAX_NOTE])
