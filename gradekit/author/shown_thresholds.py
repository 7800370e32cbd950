"""Look for the hidden thresholds in what students receive.

A threshold that only the grader reads stands in a hidden JSON file under a key "bar" or
"threshold". Whoever knows it can aim at it, so the number must not stand in `student/`,
as a share or in per cent. Those that students may know are listed by the author, under
"shown" in `answers/audit.toml`; what equals one of them tells nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from gradekit.author.build import Built
from gradekit.author.dist import files_below
from gradekit.author.example_answers import FOLDER, SETTINGS, shown_thresholds
from gradekit.author.leaks import text_of_file
from gradekit.core.errors import AuthorError

KEYS = ("bar", "threshold")
NUMBER = re.compile(
    r"(?<![\w.])(\d+\.\d*|\.\d+|\d+)(?:e(-?\d+))?(\s*%)?(?![\w.]*\d)", re.IGNORECASE
)
TELLING = 2  # digits from which a number stands for itself: 0.5 and 1 are everywhere


def no_hidden_threshold_is_shown(built: Built) -> None:
    """Compare every number below `student` with the thresholds that only the grader may read.

    Raises
    ------
    AuthorError
        If one is there, with its key and the file.
    """
    secret = dict(_secret(built))
    if not secret:
        return
    for path in files_below(built.student):
        for number in numbers(text_of_file(path)):
            if number in secret:
                name = path.relative_to(built.student)
                raise AuthorError(
                    f"{built.master.path}: the hidden threshold {secret[number]} = {number} is "
                    f"also in student/{name}. Remove it there, or list it under "
                    f'"shown" in {FOLDER}/{SETTINGS} if students may know it.'
                )


def _secret(built: Built) -> Iterator[tuple[Decimal, str]]:
    """Yield the thresholds of the hidden files, and what stands for each."""
    if not (built.master.folder / FOLDER / SETTINGS).is_file():
        return  # nobody has said yet which of them students may know
    shown = shown_thresholds(built.master)
    found = [
        (key, number)
        for path in files_below(built.autograder / "hidden")
        if path.suffix == ".json"
        for key, number in _thresholds(_json(path), path.stem)
    ]
    free = {number for key, number in found if any(fnmatchcase(key, one) for one in shown)}
    for key, number in found:
        if number not in free and len(number.normalize().as_tuple().digits) >= TELLING:
            yield number, key


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"), parse_float=Decimal)
    except ValueError:
        return None


def _thresholds(value: Any, key: str) -> Iterator[tuple[str, Decimal]]:
    """Yield the numbers below keys that say they are thresholds, with their dotted keys."""
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, inner in inside:
        yield from _thresholds(inner, f"{key}.{name}")
    last = key.rpartition(".")[2].lower()
    if isinstance(value, Decimal) and any(word in last for word in KEYS):
        yield key, value.normalize()


def numbers(text: str) -> Iterator[Decimal]:
    """Yield the numbers in a text as shares: 85 % is 0.85."""
    for found in NUMBER.finditer(text):
        number = Decimal(found[1]).scaleb(int(found[2] or 0) if len(found[2] or "") < 4 else 0)
        yield number.normalize()
        if found[3]:
            yield number.scaleb(-2).normalize()
