"""The answers that measure the checks are labelled rightly, and there are enough of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ASSIGNMENT = Path(__file__).parents[2] / "assignment"
ANSWERS = ASSIGNMENT / "answers"
PROVE = Path(__file__).parents[2] / "tools" / "prove_answers.py"
BIG = ("fc", "train_model", "lenet", "cnn", "conv1d", "threshold")
SMALL = ("parameters_fc", "criterion", "optimizer", "parameters_lenet", "y_by_hand")

pytest.importorskip("torch")


@pytest.fixture(scope="session")
def reasons() -> dict[str, str | None]:
    """The oracle's reason to call each answer wrong, or None; all are asked once."""
    command = [sys.executable, str(PROVE), str(ASSIGNMENT), str(ANSWERS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, str | None] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("question", [*BIG, *SMALL])
def test_the_oracle_proves_every_label(question: str, reasons: dict[str, str | None]) -> None:
    """Right answers meet the text of their question, wrong ones do not."""
    asked = {name: reason for name, reason in reasons.items() if name.startswith(f"{question}/")}
    assert set(asked) == {
        str(path.relative_to(ANSWERS)) for path in (ANSWERS / question).glob("*/*.py")
    }
    right = {name: reason for name, reason in asked.items() if "/right/" in name}
    assert {name: reason for name, reason in right.items() if reason is not None} == {}
    assert [name for name in asked if "/wrong/" in name and asked[name] is None] == []


@pytest.mark.parametrize("question", [*BIG, *SMALL])
def test_there_are_many_answers_and_no_two_are_the_same(question: str) -> None:
    """Enough to measure with, each different and each with its idea in the first line."""
    texts = {path: path.read_text(encoding="utf-8") for path in (ANSWERS / question).glob("*/*.py")}
    sources = set()
    for path, text in texts.items():
        idea, source = text.split("\n", 1)
        assert idea.startswith("# "), f"{path}: the first line says no idea"
        sources.add(source)
    assert len(sources) == len(texts)
    counts = [sum(path.parent.name == label for path in texts) for label in ("right", "wrong")]
    assert counts[0] >= (15 if question in BIG else 8)
    assert counts[1] >= (25 if question in BIG else 10)


def test_an_answer_that_never_ends_does_not_hold_up_the_proof(tmp_path: Path) -> None:
    """It is killed, and called wrong with the reason; so is one that ends the process."""
    for slug, source in {
        "loops": "while True:\n    pass",
        "leaves": "import os\nos._exit(0)",
        "two-cells": "parameters_fc = 3\n# %%\nparameters_fc = 567434",
    }.items():
        path = tmp_path / "parameters_fc" / "wrong" / f"{slug}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# an idea\n{source}\n", encoding="utf-8")
    (tmp_path / "oracle.py").symlink_to(ANSWERS / "oracle.py")
    command = [sys.executable, str(PROVE), str(ASSIGNMENT), str(tmp_path), "--cpu-seconds=1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    ended = "it ended the process, or worked too long"
    assert json.loads(done.stdout) == {
        "parameters_fc/wrong/leaves.py": ended,
        "parameters_fc/wrong/loops.py": ended,
        "parameters_fc/wrong/two-cells.py": None,
    }
