"""Item analysis as lines for people: a table, and what to look at; at most 80 columns."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from gradekit.core.text import cut, number

if TYPE_CHECKING:
    from gradekit.quality.items import Estimate, Item

NAME = 28
WIDTH = 80


def table(items: Sequence[Item], few: int) -> Iterator[str]:
    """Yield one line for each question and check, and how to read them."""
    yield f"{'':{NAME}} points  difficulty           discrimination"
    for item in items:
        name = item.question if item.check is None else f"  {item.check}"
        yield (
            f"{set_cell_size(cut(name, NAME), NAME)} {number(item.out_of):>6}  "
            f"{_cell(item.difficulty)}  {_cell(item.discrimination)}"
        ).rstrip()
    if items and items[0].count < few:
        yield f"{items[0].count} submissions are few: most of these intervals mean nothing yet."


def review(items: Sequence[Item]) -> Iterator[str]:
    """Yield what is odd, the oddest first; easy checks come last, on one line."""
    checks = Counter(item.question for item in items if item.check is not None)
    odd = [
        item
        for item in items
        if item.review
        and not _easy(item)
        and (item.check is not None or checks[item.question] != 1)  # its only check says it
    ]
    for item in sorted(odd, key=lambda item: -len(item.review)):
        for text in item.review:
            yield from textwrap.wrap(
                f"{item.name}: {text}", WIDTH, subsequent_indent="  ", break_on_hyphens=False
            )
    easy = [item for item in items if _easy(item) and item.check is not None]
    if easy:
        names = ", ".join(f"{item.question} ({item.check})" for item in easy)
        text = f"passed by all, so they tell nobody apart: {names}"
        yield from textwrap.wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _easy(item: Item) -> bool:
    return item.difficulty.value == 1


def _cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return f"{'-':>5}{'':14}"
    text = f"{estimate.value:5.2f}  {estimate.low:.2f} to {estimate.high:.2f}"
    return text + " " * (19 - cell_len(text))
