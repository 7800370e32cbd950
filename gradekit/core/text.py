"""Reports as lines for people: pure functions from records to text.

One line for each submission, in columns, so that a class fits on a screen: who,
how many points, and which questions lost some. A line says less when there is
less room, and is never broken in two; the whole story is in the JSON file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size

from gradekit.core.marks import QuestionMark, Report, Verdict

NAME_WIDTH = 20  # longer ids are cut, so that there is room for the rest


def columns(report: Report, names: int, width: int) -> tuple[str, str, str]:
    """Return id, score and summary, which joined by two spaces fill at most `width` columns."""
    name = set_cell_size(cut(report.submission, names), names)
    points = f"{score(report):>9}"
    return name, points, summary(report, width - names - len(points) - 4)


def totals(reports: Sequence[Report], seconds: float, remembered: int = 0) -> str:
    """Return what became of a class, in one line."""
    points = [report.points for report in reports if report.points is not None]
    facts = [f"{len(reports)} submission{'s' if len(reports) != 1 else ''}"]
    facts.append(f"{len(points)} graded, {len(reports) - len(points)} ungraded")
    if points:
        facts.append(f"mean {number(sum(points) / len(points))} / {number(reports[0].out_of)}")
    facts += [f"{remembered} of them graded earlier"] if remembered else []
    return ", ".join([*facts, duration(seconds)])


def duration(seconds: float) -> str:
    """Return a time as people say it."""
    # Rounded first: 59.6 s would else be shown as 60 s.
    minutes, remainder = divmod(round(seconds), 60)
    return f"{minutes} min {remainder} s" if minutes else f"{remainder} s"


def name_width(ids: Iterable[str]) -> int:
    """Return the width of the column of ids."""
    return min(NAME_WIDTH, max(map(cell_len, ids), default=1))


def score(report: Report) -> str:
    """Return the points as people write them, or the word that says there are none."""
    if report.points is None:
        return "ungraded"
    return f"{number(report.points)} / {number(report.out_of)}"


def number(points: float) -> str:
    """Return points without a needless .0; 34.25 and 1 / 3 keep two places."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def summary(report: Report, room: int) -> str:
    """Return what cost points, or why there are none, in at most `room` characters."""
    if report.reason is not None:
        return cut(report.reason.removeprefix(f"{report.file}: "), room)
    stopped = [question for question in report.questions if _has(question, Verdict.STOPPED)]
    failed = [q for q in report.questions if q not in stopped and _has(q, Verdict.FAILED)]
    lost = [*stopped, *failed]
    if len(lost) == 1 and len(checks := _lost(lost[0])) == 1:
        return cut(f"{'stopped' if stopped else 'failed'}: {lost[0].name} ({checks[0]})", room)
    phrases = []
    if stopped:
        phrases.append("stopped: " + _names(stopped, room if not failed else room // 2))
    if failed:
        room_left = room - sum(len(phrase) + 3 for phrase in phrases)
        phrases.append("failed: " + _names(failed, room_left))
    return cut(" · ".join(phrases), room)


def listed(texts: Sequence[str], most: int) -> str:
    """Return the first `most` texts in one line, and how many more there are."""
    more = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {more} more" if more > 0 else "")


def cut(text: str, width: int) -> str:
    """Return a text that fills at most `width` columns, with an ellipsis where it was cut."""
    return text if cell_len(text) <= width else set_cell_size(text, max(width - 1, 0)) + "…"


def _has(question: QuestionMark, verdict: Verdict) -> bool:
    return any(mark.verdict is verdict for mark in question.checks)


def _names(questions: Sequence[QuestionMark], room: int) -> str:
    """Return as many names of questions as there is room for, and how many more there are."""
    names = [question.name for question in questions]
    for count in range(len(names), 0, -1):
        more = f" and {len(names) - count} more" if count < len(names) else ""
        text = ", ".join(names[:count]) + more
        if len(text) + 9 <= room or len(names) == 1:
            return text
    return f"{len(names)} questions"


def _lost(question: QuestionMark) -> list[str]:
    return [mark.name for mark in question.checks if mark.verdict is not Verdict.PASSED]
