"""Damaged notebooks are repaired, and no repair that could change marks is silent."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import damage
import pytest
from scipy.stats import binomtest

from gradekit.author.build import Built
from gradekit.core.bundle import Bundle
from gradekit.core.job import Job, Limits
from gradekit.sandbox.local import LocalSandbox
from gradekit.sandbox.prepare import prepare_bundle

ROOT = Path(__file__).parents[2]
SEEDS = range(600)


@pytest.fixture(scope="module")
def counts(averages: Built) -> Counter[str]:
    """What became of every question of some hundred damaged notebooks of both masters."""
    small = Bundle.load(averages.autograder)
    exercise = Bundle.load(ROOT / "autograder")
    solutions = ROOT / "solutions" / "cnn_mnist.ipynb"
    return damage.measured(exercise, damage.solved(solutions), SEEDS) + damage.measured(
        small, damage.solved(averages.solutions / averages.notebook), SEEDS
    )


def test_no_repair_that_is_wrong_is_silent(counts: Counter[str]) -> None:
    """Where a question was graded at another place, a note says what was assumed."""
    assert counts["wrong, silent"] == 0, damage.table(counts)
    assert counts["gone, silent"] == 0, damage.table(counts)


def test_nearly_all_damage_is_repaired(counts: Counter[str]) -> None:
    """Of the answers that are still there 99 % are found, with 95 % confidence."""
    there = counts["right"] + counts["wrong, noted"] + counts["wrong, silent"]
    assert there > 5000
    found = binomtest(counts["right"], there).proportion_ci(0.95)
    assert found.low > 0.99, damage.table(counts)


def test_an_untouched_notebook_has_nothing_to_note() -> None:
    """Notes are for what was assumed."""
    exercise = Bundle.load(ROOT / "autograder")
    cells = damage.solved(ROOT / "solutions" / "cnn_mnist.ipynb")
    assert damage.plan(exercise, cells).notes == ()


@pytest.mark.bubblewrap
@pytest.mark.parametrize(
    "kinds",
    [
        (damage.lose_all_ids, damage.delete_all_checks),
        (damage.swap_two_ids,),
        (damage.merge_with_the_next, damage.insert_a_scratch_cell),
        (damage.split_an_answer, damage.lose_some_ids),
    ],
    ids=lambda kinds: " and ".join(kind.__name__ for kind in kinds),
)
def test_repaired_notebooks_keep_their_marks(
    averages: Built, tmp_path: Path, kinds: tuple[damage.Damage, ...]
) -> None:
    """Graded for real: the work survives, so every point does."""
    bundle = Bundle.load(averages.autograder)
    cells = damage.solved(averages.solutions / averages.notebook)
    for kind in kinds:
        kind(cells, damage.random.Random(5), bundle)
    bare = [{key: cell[key] for key in ("id", "cell_type", "source")} for cell in cells]
    sandbox = LocalSandbox(prepare_bundle(averages.autograder, tmp_path / "cache"), "bubblewrap")
    job = Job(notebook=json.dumps({"cells": bare}).encode(), seed="00", limits=Limits())
    assert sum(question.points or 0 for question in sandbox.grade(job).questions) == bundle.out_of
