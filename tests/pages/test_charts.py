"""Places in a drawing are right, because a drawing that lies is worse than none."""

from __future__ import annotations

import pytest

from gradekit.pages.charts import LEFT, RIGHT, WIDTH, bounds, curve, histogram, nice_step, strip


def test_a_histogram_counts_every_value_once_full_points_too() -> None:
    """Edges belong to the bar on their right, the last one to the last bar."""
    drawn = histogram([0, 4.9, 5, 55, 59.5, 60, 60], 60)
    assert [bar.count for bar in drawn.bars] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4]
    assert drawn.bars[0].label == "0 to 5"
    assert drawn.ticks[-1].text == "60"
    assert drawn.bars[-1].height == 1


@pytest.mark.parametrize("most", [0, 0.5, 1, 7, 10, 32, 100, 333.5])
def test_any_number_of_points_has_bars_within_the_drawing(most: float) -> None:
    """From nothing to a whole course."""
    drawn = histogram([0, most], most)
    assert sum(bar.count for bar in drawn.bars) == 2
    assert drawn.bars[-1].x + drawn.bars[-1].width <= WIDTH - RIGHT
    assert len(drawn.bars) <= 13


def test_dots_stand_at_their_values_and_know_the_limit() -> None:
    """Equal values stand on top of each other."""
    drawn = strip([0.5, 0.9, 0.9], 0.0, 1.0, threshold=0.8)
    room = WIDTH - LEFT - RIGHT
    assert [round((x - LEFT) / room, 1) for x, _, _ in drawn.dots] == [0.5, 0.9, 0.9]
    assert drawn.dots[1][1] < drawn.dots[2][1]
    assert [below for _, _, below in drawn.dots] == [True, False, False]
    assert drawn.threshold == pytest.approx(LEFT + 0.8 * room)


def test_a_dot_at_the_threshold_reaches_it() -> None:
    """Hollow is only who is below."""
    drawn = strip([0.79, 0.8, 0.81], 0.0, 1.0, threshold=0.8)
    assert [below for _, _, below in drawn.dots] == [True, False, False]


def test_tenths_of_points_fall_into_the_bar_that_begins_with_them() -> None:
    """0.3 / 0.1 is a little less than 3 in binary; people count decimal."""
    drawn = histogram([0.1, 0.3, 0.6, 0.7], 1.2)
    assert [bar.count for bar in drawn.bars] == [0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("least", "step"), [(1, 1), (1.1, 2), (2.1, 5), (5.1, 10), (0.03, 0.05), (0.15, 0.2)]
)
def test_axes_count_in_ones_twos_and_fives(least: float, step: float) -> None:
    """Numbers that people read at a glance."""
    assert nice_step(least) == pytest.approx(step)


@pytest.mark.parametrize("numbers", [[0.5], [0.0, 0.0], [3.0, 1.0, 2.0], [-5.0, 1e6], [1e-9]])
def test_a_curve_stays_between_its_bounds(numbers: list[float]) -> None:
    """A single number, equal ones and wild ones too."""
    low, high = bounds(numbers)
    assert low < high
    assert low <= min(numbers)
    assert max(numbers) <= high
    assert all(0 <= up <= 1 for _, up in curve(numbers).points)
    assert len(curve(numbers).points) == len(numbers)
