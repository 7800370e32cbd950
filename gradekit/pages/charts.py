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
SWARM = 64.0  # height that dots may fill


@dataclass(frozen=True, slots=True)
class Tick:
    """A number on an axis, and where it stands."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram."""

    x: float
    width: float
    height: float  # of the tallest, which has 1
    count: int
    label: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many values fall between one number and the next."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """Each value as a dot over an axis, those alike on top of each other."""

    dots: tuple[tuple[float, float, bool], ...]  # across, up, and whether below the limit
    ticks: tuple[Tick, ...]
    limit: float | None  # where the bar to be reached stands
    radius: float
    height: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Numbers at 1, 2, 3, ... joined by lines; `up` is 0 at the bottom and 1 at the top."""

    points: tuple[tuple[float, float], ...]  # across, up
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


def histogram(values: Sequence[float], most: float) -> Histogram:
    """Return how values between 0 and `most` are distributed, in about a dozen bars."""
    step = _bin(most)
    count = max(1, math.ceil(most / step - 1e-9))
    found = [0] * count
    for value in values:
        found[min(int(value / step + 1e-9), count - 1)] += 1
    tallest = max(*found, 1)
    scale = (WIDTH - LEFT - RIGHT) / (count * step)
    bars = [
        Bar(
            x=LEFT + scale * step * place + 1.5,
            width=scale * step - 3,
            height=many / tallest,
            count=many,
            label=f"{_short(step * place)} to {_short(min(step * (place + 1), most))}",
        )
        for place, many in enumerate(found)
    ]
    every = max(1, math.ceil(count / 12))
    edges = [step * place for place in range(0, count + 1, every)]
    ticks = [Tick(LEFT + scale * edge, _short(edge)) for edge in edges if edge <= most + 1e-9]
    return Histogram(tuple(bars), tuple(ticks))


def _bin(most: float) -> float:
    """Return a width of which the whole range is a multiple, where whole points have one."""
    whole = (most / count for count in range(12, 5, -1) if most > 0 and (most / count).is_integer())
    return next(whole, nice_step(most / 12) if most > 0 else 1.0)


def strip(values: Sequence[float], low: float, high: float, limit: float | None = None) -> Strip:
    """Return a dot for each value over an axis from `low` to `high`."""
    radius = DOT if len(values) <= 60 else DOT * 0.7
    scale = (WIDTH - LEFT - RIGHT) / ((high - low) or 1.0)
    columns: dict[int, int] = {}
    places = []
    for value in sorted(values):
        across = LEFT + scale * (value - low)
        column = int(across / (2 * radius))
        level = columns[column] = columns.get(column, -1) + 1
        below = limit is not None and value < limit
        places.append((2 * radius * (column + 0.5), float(level), below))
    levels = max(columns.values(), default=0) + 1
    rise = min(2 * radius + 0.6, SWARM / levels)
    dots = tuple((x, radius + 1 + rise * level, below) for x, level, below in places)
    return Strip(
        dots=dots,
        ticks=tuple(Tick(LEFT + scale * (at - low), text) for at, text in _ticks(low, high)),
        limit=None if limit is None else LEFT + scale * (limit - low),
        radius=radius,
        height=2 * radius + 2 + rise * (levels - 1),
    )


def curve(numbers: Sequence[float]) -> Curve:
    """Return a line through numbers, on an axis that begins at a round number."""
    low, high = bounds(numbers)
    room = WIDTH - LEFT - RIGHT
    last = max(len(numbers) - 1, 1)
    across = [LEFT + room * place / last for place in range(len(numbers))]
    every = max(1, math.ceil(len(numbers) / 12))
    return Curve(
        points=tuple((x, (y - low) / (high - low)) for x, y in zip(across, numbers, strict=True)),
        across=tuple(Tick(x, str(n + 1)) for n, x in enumerate(across) if n % every == 0),
        up=tuple(Tick((at - low) / (high - low), text) for at, text in _ticks(low, high)),
    )


def bounds(numbers: Sequence[float]) -> tuple[float, float]:
    """Return round numbers below and above all; shares keep within 0 and 1."""
    least, most = min(numbers), max(numbers)
    step = nice_step(((most - least) or abs(most) or 1.0) / 4)
    low, high = math.floor(least / step) * step, math.ceil(most / step) * step
    return low, high if high > low else low + step


def nice_step(least: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20, ... and of their tenths that is no less."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * digit for digit in (1, 2, 5, 10) if power * digit >= least * (1 - 1e-9))


def _ticks(low: float, high: float) -> list[tuple[float, str]]:
    step = nice_step((high - low) / 6)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [(step * n, _short(step * n)) for n in range(first, last + 1)]


def _short(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"
