"""Which question and which block each cell belongs to.

Otter stops at some unbalanced markers and overlooks others, such as a missing
END QUESTION at the end. This walk goes on after a mistake, to report them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gradekit.author.master.markers import CONFIGURED, RAW, nearest
from gradekit.author.master.notebook import Cell, Mistake


@dataclass(slots=True)
class Span:
    """The cells between BEGIN QUESTION and END QUESTION, each with its block."""

    opening: Cell
    members: list[tuple[str, Cell]] = field(default_factory=list)  # block: "" is the question text

    def of(self, *blocks: str) -> list[Cell]:
        """Return the cells in blocks of these kinds, in order."""
        return [cell for block, cell in self.members if block in blocks]


@dataclass(slots=True)
class Layout:
    """A notebook sorted into questions, configurations and the cells between."""

    spans: list[Span] = field(default_factory=list)
    configs: list[Cell] = field(default_factory=list)
    outside: list[Cell] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


def lay_out(cells: Iterable[Cell]) -> Layout:
    """Sort the cells by question and block, and collect unbalanced or unknown markers."""
    walk = _Walk()
    for cell in cells:
        walk.step(cell)
    walk.finish()
    return walk.layout


class _Walk:
    """The state between two cells: which question and which block are open.

    A wrong marker is reported and then taken for what it was probably meant to be, because
    one slip should give one mistake, not one for each marker that follows.
    """

    def __init__(self) -> None:
        self.layout = Layout()
        self.span: Span | None = None
        self.block = ""
        self.opened: Cell | None = None  # the marker that opened the block

    def step(self, cell: Cell) -> None:
        """Take the next cell."""
        if cell.kind == "raw":
            self._marker(cell)
        elif self.span is not None:
            self.span.members.append((self.block, cell))
        else:
            self.layout.outside.append(cell)

    def finish(self) -> None:
        """Refuse what is still open after the last cell."""
        self._close_block()
        self._close_question()

    def _marker(self, cell: Cell) -> None:
        text = cell.first_line.rstrip() if cell.first_line in CONFIGURED else cell.source.rstrip()
        if text not in RAW:
            self._refuse(cell, _unknown(cell))
            text = _meant_marker(cell)
        if text == "# ASSIGNMENT CONFIG":
            self._configure(cell)
        elif text.startswith("# BEGIN "):
            self._begin(cell, text.removeprefix("# BEGIN "))
        elif text:
            self._end(cell, text.removeprefix("# END "))

    def _configure(self, cell: Cell) -> None:
        if self.span is not None or self.layout.spans:
            self._refuse(cell, "ASSIGNMENT CONFIG stands after a question. Move it to the top.")
        elif self.layout.configs:
            self._refuse(cell, "there is a second ASSIGNMENT CONFIG. Join it with the first.")
        self.layout.configs.append(cell)

    def _begin(self, cell: Cell, block: str) -> None:
        self._close_block()
        if block == "QUESTION":
            self._close_question()
            self.span = Span(cell)
            self.layout.spans.append(self.span)
            return
        if self.span is None:
            text = f"BEGIN {block} stands outside a question. Put it after a BEGIN QUESTION."
            self._refuse(cell, text)
        elif block == "PROMPT" and self.span.of("PROMPT", "SOLUTION"):
            self._refuse(cell, "a question has one PROMPT, before its SOLUTION. Move it there.")
        self.block, self.opened = block, cell

    def _end(self, cell: Cell, block: str) -> None:
        if block == "QUESTION":
            self._close_block()
            if self.span is None:
                self._refuse(cell, "END QUESTION has no BEGIN QUESTION. Add it or remove this.")
            self.span = None
        elif block == self.block:
            if self.opened is not None and self._is_empty(self.opened):
                self._refuse(
                    self.opened, f"BEGIN {block} is followed by its END. Fill or remove it."
                )
            self.block, self.opened = "", None
        else:
            self._close_block()
            self._refuse(cell, f"END {block} has no BEGIN {block}. Add it or remove this cell.")

    def _is_empty(self, opened: Cell) -> bool:
        """Whether no cell came since a marker.

        An author who moved the cell out of an empty block would show it to the students.
        """
        if self.span is None:  # a block outside a question is a mistake already
            return False
        return not any(cell.number > opened.number for _, cell in self.span.members)

    def _close_block(self) -> None:
        """Refuse a block that is still open, and go on as if it had ended."""
        if self.opened is not None:
            self._refuse(self.opened, _unclosed(self.block))
        self.block, self.opened = "", None

    def _close_question(self) -> None:
        if self.span is not None:
            self._refuse(self.span.opening, _unclosed("QUESTION"))
        self.span = None

    def _refuse(self, cell: Cell, text: str) -> None:
        self.layout.mistakes.append(Mistake(cell, text))


def _unclosed(block: str) -> str:
    return (
        f'BEGIN {block} has no END {block}. Add a raw cell "# END {block}" '
        "after the last cell of the block."
    )


def _meant_marker(cell: Cell) -> str:
    return nearest(cell.first_line.strip().upper(), RAW) or ""


def _unknown(cell: Cell) -> str:
    marker = _meant_marker(cell)
    hint = f', which may mean "{marker}"' if marker else ""
    return (
        f'the raw cell "{cell.first_line[:60]}" is not exactly a marker{hint}. '
        f"Correct it, or make it a text cell; markers are {', '.join(RAW)}."
    )
