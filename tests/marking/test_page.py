"""The marking pages as text: what they say of an answer that is odd, and what they may run."""

from __future__ import annotations

import re

from gradekit.core.bundle import Question
from gradekit.core.marks import HumanMark
from gradekit.core.rubric import Rubric
from gradekit.grading.written_answers import AnswerCell, AnswerState, WrittenAnswer
from gradekit.marking.marking import AnswerToMark
from gradekit.marking.page import Progress, answers_page, questions_page

QUESTION = Question(
    name="findings", manual=True, out_of=4.0, cells=(), check_cell=None, handed_out=(), names=(),
    checks=(),
)  # fmt: skip
RUBRIC = Rubric(
    asks=("### Question `findings`", "What # of filters?\n\n## Hint"), earns="- 1: more"
)


def entry(
    state: AnswerState = AnswerState.WRITTEN,
    *parts: AnswerCell,
    mark: HumanMark | None = None,
    changed: bool = False,
    note: str = "",
) -> AnswerToMark:
    if state is AnswerState.WRITTEN and not parts:
        parts = (AnswerCell(kind="markdown", text="My answer."),)
    answer = WrittenAnswer(
        question="findings", submission="alice", sha256="0", state=state, parts=parts, note=note
    )
    return AnswerToMark(number=1, handle="h1", answer=answer, human_mark=mark, changed=changed)


def marked(points: float | None, comment: str = "") -> HumanMark:
    return HumanMark(
        question="findings", submission="alice", sha256="0", answer="1", points=points,
        comment=comment, when=0.0, who="tess",
    )  # fmt: skip


def page(*entries: AnswerToMark) -> str:
    return answers_page(QUESTION, RUBRIC, entries, step=0.5)


def fields(text: str) -> list[str]:
    """Return the tags that points and comments are typed into."""
    return re.findall(r'<(?:input|textarea) class="[^>]*>', text)


def test_an_answer_that_cannot_be_read_cannot_be_typed_into() -> None:
    """Its fields are disabled, and the reason is shown; others can be marked."""
    text = page(entry(AnswerState.UNREADABLE, note="the file is empty"), entry())
    assert [" disabled " in tag for tag in fields(text)] == [True, True, False, False]
    assert '<p class="note">the file is empty</p>' in text
    assert '<p class="nothing">No notebook could be read.</p>' in text


def test_a_changed_answer_shows_its_earlier_mark_and_has_no_points() -> None:
    """The person sees what was given before, and decides anew."""
    text = page(entry(mark=marked(2.5, "<b>good</b>"), changed=True))
    assert "Earlier mark: 2.5 points. &lt;b&gt;good&lt;/b&gt;</p>" in text
    assert 'value=""' in text
    assert "good" not in text.split("<textarea")[1]
    assert "Earlier mark" not in page(entry(mark=marked(None), changed=True))


def test_a_mark_is_in_the_fields_as_plain_decimals() -> None:
    """Numbers are as they can be typed again: no exponent, no needless zero."""
    text = page(entry(mark=marked(0.25, "a < b\nc")))
    assert 'value="0.25" data-out-of="4" data-step="0.5"' in text
    assert ">a &lt; b\nc</textarea>" in text


def test_a_text_keeps_its_lines_and_gets_no_others() -> None:
    """Spaces and line ends are shown, so the template adds none; code is set apart."""
    text = page(
        entry(
            AnswerState.WRITTEN,
            AnswerCell(kind="markdown", text="  a\n\nb"),
            AnswerCell(kind="code", text="print(1)"),
        )
    )
    assert '<div class="text" dir="auto">  a\n\nb</div>' in text
    assert '<div class="text code" dir="auto">print(1)</div>' in text


def test_the_button_counts_empty_answers_without_points() -> None:
    """Those that have points already keep them, and those with a text are for a person."""
    empty = AnswerState.EMPTY
    text = page(entry(empty), entry(empty, mark=marked(0.0)), entry(AnswerState.MISSING))
    assert "Give 0 to all empty answers (<span>1</span>)" in text
    assert 'id="empty">' in text
    assert 'id="empty" disabled>' in page(entry(empty, mark=marked(0.0)))


def test_question_and_rubric_are_shown_as_plain_text() -> None:
    """The signs of headings are cut, and a # within a line is not one of them."""
    text = page(entry())
    assert '<div class="text">Question `findings`\n\nWhat # of filters?\n\nHint</div>' in text
    assert '<div class="text">- 1: more</div>' in text
    bare = answers_page(QUESTION, Rubric(), [entry()], step=0.5)
    assert "has no rubric for this question" in bare
    assert "has no text of this question" in bare


def test_the_first_page_shows_progress_and_runs_nothing() -> None:
    """It has no script, so its policy allows none and no request."""
    text = questions_page("averages", [Progress(question=QUESTION, marked=2, answers=5)])
    assert '<a href="q/findings">findings</a></th><td>4</td><td>2 of 5</td>' in text
    assert "<script" not in text
    assert "script-src" not in text
    assert "connect-src" not in text
