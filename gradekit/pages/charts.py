"""Where things go in a drawing: numbers in, places out, no markup and no colour.

The templates draw what is placed here as SVG, so a drawing is sharp at any size, follows
a dark theme and prints. Lengths are in units of the drawing's view box.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 560.0
LEFT, RIGHT = 44.0, 14.0  # margins
DOT = 5.0  # radius
SMALL_DOT = 0.7 * DOT  # of a class that would be a blot with large ones
LARGE_CLASS = 60
SWARM = 64.0  # height that dots may fill
MOST_TICKS = 12  # more would write over each other
ROUNDING = 1e-9  # 0.3 / 0.1 is a little less than 3, and belongs to the next bin


@dataclass(frozen=True, slots=True)
class Tick:
    """A number on an axis, and its place."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class HistogramBar:
    """How many values fall between one number and the next."""

    x: float
    width: float
    height: float  # a share of the tallest
    count: int
    label: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars side by side over an axis."""

    bars: tuple[HistogramBar, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """Each value as a dot over an axis, those alike on top of each other."""

    dots: tuple[tuple[float, float, bool], ...]  # across, up, and whether below the threshold
    ticks: tuple[Tick, ...]
    threshold: float | None  # its place
    radius: float
    height: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Numbers at 1, 2, 3, ... joined by lines; `up` is 0 at the bottom and 1 at the top."""

    points: tuple[tuple[float, float], ...]  # across, up
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


def histogram(values: Sequence[float], highest: float) -> Histogram:
    """Return how values between 0 and `highest` are distributed, in about a dozen bars."""
    step = _bin_width(highest)
    count = max(1, math.ceil(highest / step - ROUNDING))
    counts = [0] * count
    for value in values:
        # Full points belong to the last bar and do not open one of their own.
        counts[min(int(value / step + ROUNDING), count - 1)] += 1
    tallest = max(*counts, 1)
    scale = (WIDTH - LEFT - RIGHT) / (count * step)
    bars = [
        HistogramBar(
            x=LEFT + scale * step * number + 1.5,  # a gap of 3 between bars
            width=scale * step - 3,
            height=count_here / tallest,
            count=count_here,
            label=f"{_short(step * number)} to {_short(min(step * (number + 1), highest))}",
        )
        for number, count_here in enumerate(counts)
    ]
    every = max(1, math.ceil(count / MOST_TICKS))
    edges = [step * number for number in range(0, count + 1, every)]
    ticks = [
        Tick(LEFT + scale * edge, _short(edge)) for edge in edges if edge <= highest + ROUNDING
    ]
    return Histogram(tuple(bars), tuple(ticks))


def _bin_width(highest: float) -> float:
    """Return a width of which the whole range is a multiple, of whole points if there is one."""
    for count in range(12, 5, -1) if highest > 0 else ():
        if (highest / count).is_integer():
            return highest / count
    return nice_step(highest / 12) if highest > 0 else 1.0


def strip(
    values: Sequence[float], low: float, high: float, threshold: float | None = None
) -> Strip:
    """Return a dot for each value over an axis from `low` to `high`."""
    radius = DOT if len(values) <= LARGE_CLASS else SMALL_DOT
    scale = (WIDTH - LEFT - RIGHT) / ((high - low) or 1.0)
    heights: dict[int, int] = {}  # of the dots in each column so far, the first at 0
    places = []
    for value in sorted(values):
        across = LEFT + scale * (value - low)
        column = int(across / (2 * radius))
        level = heights[column] = heights.get(column, -1) + 1
        below = threshold is not None and value < threshold
        places.append((2 * radius * (column + 0.5), float(level), below))
    levels = max(heights.values(), default=0) + 1
    rise = min(2 * radius + 0.6, SWARM / levels)  # dots overlap where there are too many
    dots = tuple((x, radius + 1 + rise * level, below) for x, level, below in places)
    return Strip(
        dots=dots,
        ticks=tuple(Tick(LEFT + scale * (at - low), text) for at, text in _ticks(low, high)),
        threshold=None if threshold is None else LEFT + scale * (threshold - low),
        radius=radius,
        height=2 * radius + 2 + rise * (levels - 1),
    )


def curve(numbers: Sequence[float]) -> Curve:
    """Return a line through numbers, on an axis that begins at a round number."""
    low, high = bounds(numbers)
    room = WIDTH - LEFT - RIGHT
    last = max(len(numbers) - 1, 1)
    across = [LEFT + room * n / last for n in range(len(numbers))]
    every = max(1, math.ceil(len(numbers) / MOST_TICKS))
    return Curve(
        points=tuple((x, (y - low) / (high - low)) for x, y in zip(across, numbers, strict=True)),
        across=tuple(Tick(x, str(n + 1)) for n, x in enumerate(across) if n % every == 0),
        up=tuple(Tick((at - low) / (high - low), text) for at, text in _ticks(low, high)),
    )


def bounds(numbers: Sequence[float]) -> tuple[float, float]:
    """Return round numbers below and above all; shares keep within 0 and 1."""
    least, largest = min(numbers), max(numbers)
    # Equal numbers have no range of their own, so their size says what is round.
    step = nice_step(((largest - least) or abs(largest) or 1.0) / 4)
    low, high = math.floor(least / step) * step, math.ceil(largest / step) * step
    return low, high if high > low else low + step


def nice_step(least: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20, ... and of their tenths that is no less."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * digit for digit in (1, 2, 5, 10) if power * digit >= least * (1 - ROUNDING))


def _ticks(low: float, high: float) -> list[tuple[float, str]]:
    step = nice_step((high - low) / 6)
    first = math.ceil(low / step - ROUNDING)
    last = math.floor(high / step + ROUNDING)
    return [(step * n, _short(step * n)) for n in range(first, last + 1)]


def _short(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"
