"""The numbers that the README shows are those of the committed folders and classes.

That its commands, links and paths exist is tested with the other pages in test_docs.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from gradekit.author.promises import Proof
from gradekit.cli import cli
from gradekit.core.bundle import Bundle

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANIFEST = json.loads((ROOT / "autograder" / "manifest.json").read_text(encoding="utf-8"))
MARKS = tomllib.loads((ROOT / "tests" / "submissions" / "marks.toml").read_text(encoding="utf-8"))
SHOWN = re.compile(r"^(\S.*?) +([\d.]+) / 60(?:  .*)?$", re.MULTILINE)


def test_the_summary_of_a_build_is_the_one_that_is_shown() -> None:
    """Questions, checks, points and files are those of the committed folders."""
    bundle = Bundle.load(ROOT / "autograder")
    proof = Proof(bundle=bundle, solution=bundle.out_of, blank=0, hidden_places=0)
    assert proof.summary() in README


def test_the_questions_of_the_assignment_are_counted() -> None:
    """Those that are graded automatically, and those that a person marks."""
    written = sum(question["manual"] for question in MANIFEST["questions"])
    counts = re.search(r"\((\d+)\s+auto-graded and (\d+) written questions\)", README)
    assert counts is not None
    assert counts.groups() == (str(len(MANIFEST["questions"]) - written), str(written))


def test_the_error_rates_shown_are_the_committed_ones() -> None:
    """How many right answers, wrong answers and mutants were graded, and how many wrongly."""
    audit = json.loads((ROOT / "assignment" / "audit.json").read_text(encoding="utf-8"))
    rates = audit["questions"].values()
    for kind in ("right", "wrong", "mutants"):
        count, total = (sum(rate[kind][key] for rate in rates) for key in ("count", "of"))
        assert f"{kind} {count} / {total} (" in README


def test_the_points_shown_are_those_of_the_sample_class() -> None:
    """The names may be cut short, as the program cuts them."""
    lines = SHOWN.findall(README)
    assert len(lines) >= 4
    for name, points in lines:
        [entry] = [entry for entry in MARKS if entry.startswith(name.rstrip("…"))]
        assert MARKS[entry]["points"] == float(points)


def test_the_total_shown_is_that_of_the_sample_class() -> None:
    """As many submissions as there are, with their mean."""
    mean = sum(entry["points"] for entry in MARKS.values()) / len(MARKS)
    assert f"{len(MARKS)} submissions, {len(MARKS)} graded, 0 ungraded, mean {mean:.4g}" in README


def test_every_sandbox_has_a_column_in_the_security_table() -> None:
    """Whoever chooses one can read what it protects."""
    [option] = [option for option in cli.commands["grade"].params if option.name == "sandbox"]
    columns = re.search(r"^\| \| (`docker`.*) \|$", README, re.MULTILINE)
    assert columns is not None
    assert set(re.findall(r"`(\w+)`", columns[1])) == set(option.type.choices) - {"auto"}
