"""Reports as lines: whatever the names and marks, a line fits."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from gradekit.core.marks import Mark, QuestionMark, Report, Verdict
from gradekit.core.text import columns, duration, name_width, number, totals


def question(name: str, *verdicts: Verdict) -> QuestionMark:
    checks = [
        Mark(
            name=f"check {n}",
            hidden=False,
            verdict=verdict,
            points=2.0 if verdict is Verdict.PASSED else 0.0,
            out_of=2.0,
        )
        for n, verdict in enumerate(verdicts)
    ]
    return QuestionMark(name=name, checks=tuple(checks))


def report(*questions: QuestionMark, name: str = "alice", reason: str | None = None) -> Report:
    out_of = sum(one.out_of for one in questions)
    return Report(
        submission=name,
        file=f"{name}.ipynb",
        sha256="",
        reason=reason,
        out_of=out_of,
        questions=questions,
    )


PASSED, FAILED, STOPPED = Verdict.PASSED, Verdict.FAILED, Verdict.STOPPED


def test_full_marks_need_no_words() -> None:
    """Quiet on success."""
    assert columns(report(question("fc", PASSED)), 8, 80) == ("alice   ", "    2 / 2", "")


def test_one_lost_check_is_named() -> None:
    """The check tells more than the question."""
    line = columns(report(question("fc", PASSED, FAILED), question("cnn", PASSED)), 5, 80)
    assert line[1:] == ("    4 / 6", "failed: fc (check 1)")
    made = report(question("fc", PASSED, STOPPED))
    assert columns(made, 5, 80)[2] == "stopped: fc (check 1)"


def test_stopped_questions_stand_before_failed_ones() -> None:
    """A loop is worth a look; it may explain the rest."""
    made = report(
        question("fc", FAILED), question("cnn", FAILED, STOPPED), question("lenet", FAILED)
    )
    assert columns(made, 5, 80)[2] == "stopped: cnn · failed: fc, lenet"


def test_many_questions_are_counted() -> None:
    """A blank notebook fits on a line."""
    made = report(*(question(f"question_{n}", FAILED) for n in range(14)))
    assert columns(made, 5, 61)[2] == "failed: question_0, question_1 and 12 more"


def test_a_reason_does_not_repeat_the_file() -> None:
    """The id stands at the start of the line already."""
    made = report(reason="alice.ipynb: the file is empty. Hand in again.")
    assert columns(made, 5, 80)[1:] == (" ungraded", "the file is empty. Hand in again.")


@settings(deadline=None)
@given(
    st.text(min_size=1, max_size=60),
    st.none() | st.text(max_size=200),
    st.lists(st.sampled_from([PASSED, FAILED, STOPPED]), max_size=20),
    st.integers(50, 200),
)
def test_a_line_is_never_wider_than_the_terminal(
    name: str, reason: str | None, verdicts: list[Verdict], width: int
) -> None:
    """Long and wide names, long reasons, many questions: never a second line."""
    made = report(
        *(question(f"question_{n}", verdict) for n, verdict in enumerate(verdicts)),
        name=name,
        reason=reason,
    )
    assert cell_len("  ".join(columns(made, name_width([name]), width))) <= width


def test_numbers_and_times_read_like_speech() -> None:
    """No needless zeros, no seconds by the thousand."""
    assert [number(n) for n in (57.0, 34.25, 1 / 3, 100.0)] == ["57", "34.25", "0.33", "100"]
    assert [duration(s) for s in (0.4, 59, 192)] == ["0 s", "59 s", "3 min 12 s"]


def test_a_time_is_rounded_before_it_is_divided() -> None:
    """Nearly a minute is a minute, not 60 s and not 59."""
    assert [duration(s) for s in (59.6, 119.5)] == ["1 min 0 s", "2 min 0 s"]


def test_the_last_line_says_what_became_of_the_class() -> None:
    """The mean is over those that have a score."""
    reports = [report(question("fc", PASSED)), report(question("fc", FAILED)), report(reason="x")]
    assert totals(reports, 61) == "3 submissions, 2 graded, 1 ungraded, mean 1 / 2, 1 min 1 s"
    assert totals(reports[2:], 1) == "1 submission, 0 graded, 1 ungraded, 1 s"
