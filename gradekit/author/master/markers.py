"""Which lines are Otter's markers, and which only look like one.

Otter skips a marker it does not recognise, and what the marker should have
hidden goes to the students. So every line that comes near a marker must be
exactly that marker, in the one place where it works.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher, get_close_matches

BLOCKS = ("QUESTION", "PROMPT", "SOLUTION", "TESTS")
CONFIGURED = ("# ASSIGNMENT CONFIG", "# BEGIN QUESTION")  # YAML follows in the same cell
RAW = (
    *CONFIGURED,
    *(f"# BEGIN {block}" for block in BLOCKS[1:]),
    *(f"# END {block}" for block in BLOCKS),
)
SOLUTION_LINES = ("# SOLUTION", "# SOLUTION NO PROMPT")
SOLUTION_BEGINS = ("# BEGIN SOLUTION", "# BEGIN SOLUTION NO PROMPT")
SOLUTION_END = "# END SOLUTION"
PROMPTS = ("# BEGIN PROMPT", "# END PROMPT")
IGNORES = ("# IGNORE", "# BEGIN IGNORE", "# END IGNORE")  # gone from every notebook that is built
ANSWERS = (*SOLUTION_LINES, *SOLUTION_BEGINS, SOLUTION_END, *PROMPTS)
CONFIGS = ("# BEGIN TEST CONFIG", "# END TEST CONFIG")
SEEDS_AND_PLUGINS = ("# SEED", "# BEGIN PLUGIN", "# BEGIN PLUGIN EXPORT", "# END PLUGIN")
EVERY = dict.fromkeys((*ANSWERS, *IGNORES, *CONFIGS, *SEEDS_AND_PLUGINS, "# HIDDEN", *RAW))

# Everyday words that people also write as comments: these count in capitals only.
EVERYDAY = {"hidden", "ignore", "seed"}
ALIKE = 0.85  # "solutoin" and "soluton" are that near to "solution"; "resolution" is longer


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker, or what was probably meant as one, found in a line."""

    text: str  # as written
    meant: str  # as Otter wants it
    line: int  # counted from 1
    alone: bool  # nothing but blanks before it

    @property
    def exact(self) -> bool:
        """Whether Otter reads it as it was meant."""
        return self.text == self.meant


def words(text: str) -> str:
    """Return the letters of a text in lower case, one blank between words."""
    return " ".join(re.findall(r"[a-z]+", text.lower()))


def meant_by(text: str, everyday: bool = False) -> str | None:
    """Return the marker that `text`, beginning with "#", is or was meant to be."""
    if text in EVERY:
        return text
    if re.match(r"#\s?SOLUTION\b", text):  # Otter removes such a line, whatever follows
        return "# SOLUTION"
    plain = words(text)
    for marker in EVERY:
        name = words(marker)
        if name in EVERYDAY and not everyday and plain.upper() not in text:
            continue
        # The lengths first, because comparing every comment with every marker is slow.
        if abs(len(name) - len(plain)) <= 2 and _alike(name, plain):
            return marker
    return None


def _alike(name: str, plain: str) -> bool:
    # A single word has many neighbours in a language: "resolution" is no "solution".
    if " " not in name and abs(len(name) - len(plain)) > 1:
        return False
    return SequenceMatcher(None, name, plain, autojunk=False).ratio() >= ALIKE


def in_code(source: str, everyday: bool = False) -> Iterator[Marker]:
    """Find the markers of a code cell, strings included, because Otter reads lines."""
    for number, line in enumerate(source.split("\n"), 1):
        for match in re.finditer("#", line):
            before, text = line[: match.start()], line[match.start() :].strip()
            if meant := meant_by(text, everyday):
                yield Marker(text, meant, number, not before.strip())
                break


def in_markdown(source: str) -> Iterator[Marker]:
    """Find lines of a text cell that are markers; a heading "Solution" is one too."""
    for number, line in enumerate(source.split("\n"), 1):
        text = "# " + line.strip().strip("#<>!-*_` ").strip()
        if meant := _meant_in_text(line, text):
            yield Marker(line.strip(), meant, number, True)
        else:
            # Inside a sentence only an exact marker counts; prose may come near one.
            for marker in in_code(line):
                if marker.text in ANSWERS:
                    yield replace(marker, line=number)


def _meant_in_text(line: str, text: str) -> str | None:
    """Return the marker that a line of prose is, if it is a heading, in capitals or a pair."""
    meant = meant_by(text)
    if meant is None or len(words(text)) > len(words(meant)) + 2:
        return None
    several = " " in words(meant) and words(text).startswith(("begin", "end", "assignment"))
    return meant if several or line.lstrip().startswith("#") or text.isupper() else None


def suggestion(text: str, candidates: tuple[str, ...]) -> str:
    """Return ', which may mean "..."' for the nearest candidate, or nothing."""
    word = nearest(text, candidates)
    return f', which may mean "{word}"' if word else ""


def nearest(text: str, candidates: tuple[str, ...]) -> str | None:
    """Return the candidate that was probably meant; None where none comes near."""
    return next(iter(get_close_matches(text, candidates, n=1, cutoff=0.6)), None)
