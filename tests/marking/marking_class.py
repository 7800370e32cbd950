"""A class with written answers, graded by a fake sandbox: what the tests of marking share."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from fakes import FakeSandbox, manifest

from gradekit.cli import main
from gradekit.core.bundle import Bundle
from gradekit.core.rubric import load
from gradekit.grading.journal import Journal
from gradekit.grading.results import Results
from gradekit.marking.marking import STEP, Marking, ProposedMark
from gradekit.submission.find import find_hand_ins

ASKED = "### Question `findings`\n\nWhat did you find?"
UNTOUCHED = "*Write your answer here.*"
ANSWERS = {
    "alice": "More filters help, <b>up to a point</b>. </div><script>document.title = 'x'</script>",
    "bo": UNTOUCHED,
    "chen": "=1+1\n- a list\n\n> and a quotation; -2",
    "dana": "Accuracy rises & time too.",
}
RUBRIC = "- 1: more <filters> help"


def build(folder: Path, out_of: float = 4.0) -> None:
    """Write a bundle with one automatic question and a written one of so many points."""
    data: dict[str, Any] = manifest()
    found = {"cells": ["findings"], "handed_out": [{"cell_type": "markdown", "source": UNTOUCHED}]}
    data["questions"][1] |= {**found, "out_of": out_of}
    data["cells"] = ["a", "asked", "findings", "end"]
    (folder / "autograder/tests").mkdir(parents=True, exist_ok=True)
    (folder / "autograder/tests/conv1d.py").write_text("")
    (folder / "autograder/manifest.json").write_text(json.dumps(data))
    written = {"findings": {"asks": [ASKED], "earns": RUBRIC}}
    (folder / "autograder/written.json").write_text(json.dumps(written))


def cells(answer: str) -> list[dict[str, str]]:
    """Return the cells of a hand-in with this answer."""
    kinds = ("code", "markdown", "markdown", "markdown")
    ids, sources = ("a", "asked", "findings", "end"), ("right", ASKED, answer, "The end.")
    return [
        {"id": one, "cell_type": kind, "source": source}
        for one, kind, source in zip(ids, kinds, sources, strict=True)
    ]


def hand_in(folder: Path, name: str, answer: str, **more: Any) -> None:
    """Write one hand-in; `more` changes the file but not its cells."""
    (folder / "submissions").mkdir(exist_ok=True)
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": more, "cells": cells(answer)}
    (folder / f"submissions/{name}.ipynb").write_text(json.dumps(notebook))


def fill(folder: Path) -> None:
    """Write bundle and class."""
    build(folder)
    for name, answer in ANSWERS.items():
        hand_in(folder, name, answer)


def grade(*options: str) -> int:
    """Grade `submissions`, by the same sandbox each time."""
    return main(["grade", *options], choose=FakeSandbox().choose)


def of_class(journal: Journal, step: float = STEP) -> Marking:
    """Return the marking of the class in the working folder, by a person called tess."""
    handins = find_hand_ins(Path("submissions"))
    return Marking(
        bundle=Bundle.load(Path("autograder")),
        rubrics=load(Path("autograder")),
        handins=handins,
        results=Results(Path("results"), [handin.id for handin in handins]),
        journal=journal,
        clock=lambda: 1.0,
        who="tess",
        step=step,
    )


def proposed(submission: str, points: float | None, comment: str = "") -> ProposedMark:
    """Return a mark for an answer to `findings`."""
    return ProposedMark(question="findings", submission=submission, points=points, comment=comment)


def rows() -> dict[str, dict[str, str]]:
    """Return the gradebook by submission."""
    text = Path("results/gradebook.csv").read_text()
    return {row["submission"]: row for row in csv.DictReader(text.splitlines())}


def report(name: str) -> dict[str, Any]:
    """Return what stands in somebody's report."""
    found: dict[str, Any] = json.loads(Path(f"results/{name}.json").read_text())
    return found
