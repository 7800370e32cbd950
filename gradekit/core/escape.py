"""A stranger's text made safe: for one line of a terminal, for a spreadsheet, for a file name.

Names and messages come from students, so they may hold anything: line ends, letters
that run from right to left, bytes that are not UTF-8, the beginning of a formula. HTML
is escaped where pages are made, by the templates.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path


def printable(name: str | Path) -> str:
    """Return a text in one line: what is no printable character is spelled out."""
    return "".join(_spelled(character) for character in str(name))


def _spelled(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # a byte of a name that is not UTF-8
        return f"\\x{ord(character) - 0xDC00:02x}"
    hidden = unicodedata.category(character) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
    return character.encode("unicode_escape").decode() if hidden else character


def plain(text: str) -> str:
    """Return a text without control characters, line ends and tabs excepted."""
    lines = "\n".join(text.splitlines()).replace("\t", "    ")
    return "\n".join(re.sub(r"\s", " ", printable(line)) for line in lines.split("\n"))


def one_line(text: str) -> str:
    """Return a text as one line that is safe to print anywhere."""
    return " ".join(plain(text).split())


def cell(text: str) -> str:
    """Return a text that a spreadsheet shows and never computes.

    An apostrophe goes before whatever could begin a formula, also after a
    semicolon, where a spreadsheet set to German or French begins a new cell.
    """
    return re.sub(r"(^|;)(?=\s*[=+\-@＝＋－＠])|(^)(?=[\t\r])", r"\1'", printable(text))


def file_names(ids: Iterable[str]) -> dict[str, str]:
    """Return a safe and different file name, without suffix, for each submission id.

    A plain id is its own name. Any other, and any that differs from another
    only by case, is shortened and carries a digest.
    """
    ids = list(ids)
    same = Counter(name.casefold() for name in ids)
    return {
        name: name if _plain(name) and same[name.casefold()] == 1 else _slug(name) for name in ids
    }


def _plain(name: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}", name))


def _slug(name: str) -> str:
    short = re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-")[:60] or "submission"
    return f"{short}~{sha256(name.encode()).hexdigest()[:10]}"
