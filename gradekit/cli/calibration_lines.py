"""A calibration as lines for people: bars, what they catch, tolerances, fresh seeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradekit.quality.calibration import Recipe


def bars(recipe: Recipe, section: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table of bars, then what each of them catches; at most 80 columns."""
    yield "                                                a right answer fails"
    yield "bar                  seeds   mean  worst   bar  estimate  95 % interval"
    for bar in recipe.right:
        for part, entry in section[bar].items():
            name, fails = cautious(entry)
            low, high = fails["interval"]
            yield (
                f"{f'{bar} {part}':20.20} {entry['seeds']:5} {entry['mean']:6.3f} "
                f"{entry['min']:6.3f}  {entry['bar']:.2f}   {fails['estimate']:.0e}  "
                f"{low:.0e} to {high:.0e}"
            )
            yield from _doubts(entry, name)
    for bar in recipe.weak:
        parts = section[bar]
        yield ""
        yield f"{f'caught by {bar}':28.28}" + "".join(f"{part:>12.12}" for part in parts)
        for name in recipe.weak[bar]:
            found = [entry["power"][name] for entry in parts.values()]
            cells = [f"{power['below']} of {power['of']}" for power in found]
            yield f"  {name:26.26}" + "".join(f"{cell:>12}" for cell in cells)


def cautious(entry: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the model by which a right answer fails more often, and what it says."""
    found: tuple[str, Mapping[str, Any]] = max(
        entry["false_fail"].items(), key=lambda item: item[1]["estimate"]
    )
    return found


def _doubts(entry: Mapping[str, Any], model: str) -> Iterator[str]:
    """Say where the models do not fit what was seen."""
    chance = entry["false_fail"][model]["chance_of_the_worst_seed"]
    if chance < 0.05:
        yield f"  the worst seed is a surprise ({chance:g}) to the {model} model: more seeds"
    if entry["pareto_shape"]["interval"][0] > 0:
        shape = entry["pareto_shape"]["estimate"]
        yield f"  the tail is heavier than exponential (shape {shape:g}): a lower bar, or"
        yield "  training that is less noisy"


def tolerances(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table of tolerances."""
    if found:
        yield ""
        yield "comparison                  tolerance  largest error between right answers"
    for name, entry in found.items():
        kind, largest = max(entry["largest"].items(), key=lambda item: item[1])
        yield f"{name:26.26}  {entry['tolerance']:9.0e}  {largest:.1e} ({kind})"


def fresh(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a table of fresh seeds against the bars."""
    yield "bar                  bar   seeds  worst  below  share's 95 % interval"
    for row in rows:
        yield (
            f"{row['bar'] + ' ' + row['set']:20.20} {row['at']:.2f}  {row['of']:5}  "
            f"{row['min']:.3f}  {row['below']:5}  {row['low']:.4f} to {row['high']:.4f}"
        )
