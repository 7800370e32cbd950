"""The pages of the desk as HTML: everything that somebody wrote is escaped, here alone.

The pages name no student. They are complete without their script, which adds keys and
saving; and they may load nothing but that script and one style sheet, as their
server's Content-Security-Policy says again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from gradekit.core.bundle import Question
from gradekit.core.rubric import Rubric
from gradekit.grading import State
from gradekit.marking.marking import Entry

NOTHING = {
    State.EMPTY: "Empty: nothing was written.",
    State.MISSING: "Not found.",
    State.UNREADABLE: "No notebook to read.",
}
KEYS = (
    ("j, k", "next and previous answer"),
    ("n", "next answer without points"),
    ("0 to 9", "give so many points"),
    (".", "half a point more, or off again"),
    ("Backspace", "take the points back"),
    ("/", "write a comment; Esc leaves it"),
    ("u", "show only answers without points, or all"),
    ("i", "show or hide who wrote them"),
    ("?", "these keys"),
)


def overview(assignment: str, rows: Sequence[tuple[Question, int, int]]) -> str:
    """Return the first page: of each question, how many answers are marked, and of how many."""
    lines = "".join(
        f'<tr><th scope="row"><a href="q/{escape(question.name)}">{escape(question.name)}</a></th>'
        f"<td>{question.out_of:g}</td><td>{read} of {count}</td></tr>"
        for question, read, count in rows
    )
    body = (
        f"<main><h1>Written answers: {escape(assignment)}</h1>"
        "<p>Choose a question. Points are saved as you give them; end the server with Ctrl-C "
        "when you are done.</p>"
        '<table><thead><tr><th scope="col">Question</th><th scope="col">Points</th>'
        f'<th scope="col">Marked</th></tr></thead><tbody>{lines}</tbody></table></main>'
    )
    return _page(f"Written answers: {assignment}", body, root="")


def question_page(question: Question, rubric: Rubric, entries: Sequence[Entry], step: float) -> str:
    """Return the page of one question: all answers, and beside them what earns points."""
    empty = sum(entry.answer.state is State.EMPTY and not entry.read for entry in entries)
    cards = "".join(_card(entry, question.out_of, step) for entry in entries)
    body = (
        f'<header><p><a href="../">All questions</a></p><h1>{escape(question.name)}</h1>'
        f'<p id="progress" role="status"></p>'
        '<p class="tools">'
        '<label><input type="checkbox" id="unread"> only answers without points</label> '
        '<label><input type="checkbox" id="names"> show who wrote them</label> '
        f'<button type="button" id="empty" {"" if empty else "disabled"}>'
        f"Give 0 to all empty answers (<span>{empty}</span>)</button> "
        '<button type="button" id="help">Keys (?)</button></p></header>'
        f'<div class="both"><main aria-label="Answers">{cards}</main>'
        f'<aside aria-label="Question and rubric" tabindex="0"><h2>What earns points</h2>'
        f'<div class="text">{escape(rubric.earns) or "The master has no rubric."}</div>'
        f"<h2>What was asked</h2>"
        f'<div class="text">{escape(_asked(rubric))}</div></aside></div>'
        f'<dialog id="keys" aria-labelledby="keys-title">'
        f'<h2 id="keys-title">Keys</h2><dl>{_keys()}</dl>'
        '<form method="dialog"><button>Close</button></form></dialog>'
        '<script src="../desk.js"></script>'
    )
    return _page(f"{question.name}: written answers", body, root="../")


def _asked(rubric: Rubric) -> str:
    text = "\n\n".join(rubric.asks)
    return re.sub(r"(?m)^#+ +", "", text) or "Build the assignment again to see it here."


def _keys() -> str:
    return "".join(f"<dt>{escape(key)}</dt><dd>{escape(what)}</dd>" for key, what in KEYS)


def _card(entry: Entry, out_of: float, step: float) -> str:
    """Return one answer with its points and comment."""
    answer, number, handle = entry.answer, entry.number, entry.handle
    points = "" if entry.points is None else f"{entry.points:g}"
    locked = "disabled" if answer.state is State.UNREADABLE else ""
    notes = [answer.note] if answer.note else []
    if entry.changed and entry.reading is not None and entry.reading.points is not None:
        before = f"{entry.reading.points:g} points. {entry.reading.comment}".strip()
        notes.append(f"The answer has changed since it was read. Before: {before}")
    return (
        f'<article id="{handle}" data-state="{answer.state}" tabindex="-1" '
        f'aria-labelledby="h-{handle}">'
        f'<h2 id="h-{handle}">Answer {number}<span class="who"></span></h2>'
        + "".join(f'<p class="note">{escape(note)}</p>' for note in notes)
        + _text(entry)
        + f'<div class="give"><label>Points of {out_of:g} '
        f'<input class="points" inputmode="decimal" autocomplete="off" size="4" '
        f'value="{points}" data-out-of="{out_of:g}" data-step="{step:g}" {locked} '
        f'aria-label="Points of answer {number}, of {out_of:g}"></label>'
        f'<label class="say">Comment to the student <textarea class="comment" rows="1" '
        f'maxlength="2000" {locked} aria-label="Comment on answer {number}">'
        f"{escape(entry.comment)}</textarea></label>"
        f'<span class="saved" role="status"></span></div></article>'
    )


def _text(entry: Entry) -> str:
    if not entry.answer.parts:
        return f'<p class="nothing">{NOTHING[entry.answer.state]}</p>'
    return "".join(
        f'<div class="text {"code" if part.kind == "code" else ""}" dir="auto">'
        f"{escape(part.text)}</div>"
        for part in entry.answer.parts
    )


def _page(title: str, body: str, root: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{root}desk.css">'
        f'<link rel="icon" href="data:,"></head><body>{body}</body></html>'
    )
