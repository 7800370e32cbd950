"""A class that never was: reports of every kind that pages have to show.

    python tests/made_class.py FOLDER [COUNT]

writes the pages of COUNT (300) reports into FOLDER, and says how long that took.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import numpy as np

from gradekit.core.exhibits import made
from gradekit.core.marks import Incident, Mark, QuestionMark, Report, Verdict
from gradekit.pages.publish import publish_pages

QUESTIONS = {"conv1d": 5, "fc": 4, "threshold": 3, "fc_accuracy": 2, "lenet_accuracy": 2}
HOSTILE = "<script>document.title='hacked'</script><img src=x onerror=alert(1)>&amp;\"'</style>"
SAID = "x = [1, 2, 4], h = [1, -1] gave [-1, -1, -2, 4], expected [1, 1, 2, -4]."


def made_class(count: int) -> list[Report]:
    """Return reports that are the same every time; some are hostile, some have no points."""
    draw = random.Random(9)
    return [report(number, draw) for number in range(count)]


def report(number: int, draw: random.Random) -> Report:
    """Return one report; the first two are hostile and without points."""
    name = HOSTILE[:60] if number == 0 else f"student-{number:03d}"
    ungraded = number % 29 == 1
    skill = draw.betavariate(4, 1.6)
    return Report(
        submission=name,
        file=f"{name}.ipynb",
        sha256=f"{number:064x}",
        reason=f"{name}.ipynb: it cannot be read. {HOSTILE}" if ungraded else None,
        out_of=2.0 * sum(QUESTIONS.values()) + 4.0,
        seconds=draw.lognormvariate(3.5, 0.3),
        notes=(f"cell conv1d was moved; {HOSTILE}",) if number % 7 == 0 else (),
        questions=() if ungraded else questions(skill, draw),
        timings={"kernel": 3.1, "notebook": draw.lognormvariate(3.3, 0.3), "checks": 4.2},
        incidents=() if number % 5 else (Incident(cell=12, how="raised", text=HOSTILE),),
        exhibits=() if ungraded else tuple(exhibits(draw)),
    )


def questions(skill: float, draw: random.Random) -> tuple[QuestionMark, ...]:
    """Return the marks of all questions; some of the written answers have been read."""
    found = [question(name, skill, draw) for name in QUESTIONS]
    read = draw.random() < 0.7
    written = Mark(
        name="read by a person",
        hidden=False,
        verdict=Verdict.PASSED if read else Verdict.UNMARKED,
        points=2.5 if read else None,
        out_of=4.0,
        message=f"Well argued. {HOSTILE}" if read else "",
    )
    return (*found, QuestionMark(name="findings", checks=(written,), written=True))


def question(name: str, skill: float, draw: random.Random) -> QuestionMark:
    """Return the marks of one question, every second check hidden."""
    blank = draw.random() > skill + 0.25
    marks = [mark(name, place, skill, blank, draw) for place in range(QUESTIONS[name])]
    return QuestionMark(name=name, checks=tuple(marks))


def mark(question: str, place: int, skill: float, blank: bool, draw: random.Random) -> Mark:
    """Return a mark: passed, failed, stopped, or not answered."""
    hidden = place % 2 == 1
    passed = not blank and draw.random() < skill
    verdict = Verdict.PASSED if passed else Verdict.FAILED
    if not passed and not blank and draw.random() < 0.1:
        verdict = Verdict.STOPPED
    said = HOSTILE if draw.random() < 0.05 else f"Sample {place}: {SAID}"
    message = f"Question {question}: return y." if blank else said
    return Mark(
        name=f"{'SECRETNAME ' if hidden else ''}sample {place} is right",
        hidden=hidden,
        verdict=verdict,
        points=2.0 if passed else 0.0,
        out_of=2.0,
        message="" if passed else message,
        claim="" if hidden else f"Sample {place} of the output is the sum of the products.",
    )


def exhibits(draw: random.Random) -> list:
    """Return a curve, misread digits and a measure for each trained network."""
    grey = np.random.default_rng(draw.randrange(1 << 30))
    found = []
    for name in ("fc_accuracy", "lenet_accuracy"):
        last = draw.betavariate(40, 5)
        curve = [last - 0.2 * 0.5**epoch for epoch in range(5)]
        digits = [(f"{n} read as {n + 1}", picture(grey)) for n in range(8)]
        given = [
            {"title": f"{name} by epoch", "curve": curve, "x": "epoch", "y": "test accuracy"},
            {"title": f"{name}: misread", "pictures": digits},
            {"title": f"{name}: STAFFONLY", "measure": last, "bar": 0.82, "staff": True},
            {"title": "In numbers", "table": [["epoch", "loss"], ["1", HOSTILE[:50]]]},
        ]
        found += [made(name, one) for one in given]
    return found


def picture(grey: np.random.Generator) -> np.ndarray:
    """Return a blob, shape (28, 28)."""
    row, column = np.mgrid[:28, :28] - grey.uniform(9, 18, (2, 1, 1))
    return (255 * np.exp(-(row**2 + column**2) / 40)).astype(np.uint8)


if __name__ == "__main__":
    reports = made_class(int(sys.argv[2]) if sys.argv[2:] else 300)
    start = time.perf_counter()
    publish_pages(Path(sys.argv[1]), reports, "cnn_mnist")
    print(f"{len(reports)} reports, all pages: {time.perf_counter() - start:.1f} s")
