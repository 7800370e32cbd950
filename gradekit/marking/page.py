"""The pages on which a person marks, made like all others: the templates escape every text.

The pages name no student. They can be read without their script, which adds keys and
saving; they may run nothing else, and send requests to nobody but their own server.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gradekit.core.bundle import Question
from gradekit.core.rubric import Rubric
from gradekit.grading import AnswerState
from gradekit.marking.marking import MAX_COMMENT, AnswerToMark
from gradekit.pages import content_policy, render
from gradekit.platforms import decimal

TEMPLATES = Path(__file__).parent / "templates"
SCRIPT, STYLE = "marking.js", "marking.css"
OWN_SERVER = "'self'"
NO_TEXT = {
    AnswerState.EMPTY: "The answer is empty.",
    AnswerState.MISSING: "No answer was found.",
    AnswerState.UNREADABLE: "No notebook could be read.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the marking of one question is: how many of its answers have points."""

    question: Question
    marked: int
    answers: int


def policy() -> str:
    """Return the Content-Security-Policy of both pages together."""
    return content_policy(SCRIPT, style=STYLE, folder=TEMPLATES, connect=OWN_SERVER)


def questions_page(assignment: str, progress: Sequence[Progress]) -> str:
    """Return the first page: the questions, each with its progress. It needs no script."""
    return render(
        "questions.html",
        style=STYLE,
        folder=TEMPLATES,
        assignment=assignment,
        rows=progress,
        decimal=decimal,
    )


def answers_page(
    question: Question, rubric: Rubric, entries: Sequence[AnswerToMark], step: float
) -> str:
    """Return the page of one question: all answers, and the rubric beside them."""
    return render(
        "answers.html",
        SCRIPT,
        style=STYLE,
        folder=TEMPLATES,
        connect=OWN_SERVER,
        question=question,
        rubric=rubric,
        asked=_without_heading_signs("\n\n".join(rubric.asks)),
        entries=entries,
        empty=sum(
            entry.answer.state is AnswerState.EMPTY and not entry.marked for entry in entries
        ),
        step=step,
        max_comment=MAX_COMMENT,
        NO_TEXT=NO_TEXT,
        decimal=decimal,
    )


def _without_heading_signs(markdown: str) -> str:
    """Return a text without the `#` of its headings: it is shown as plain text."""
    return re.sub(r"(?m)^#+ +", "", markdown)
