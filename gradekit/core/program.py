"""The part of this program that marks depend on, as files and as one digest.

A submission is graded again when something that its marks depend on has changed: the
packages below, and nothing else of gradekit. The image that grades holds exactly these
files, so that what is not counted cannot be used there either; a page, a help text or a
new command grades nobody again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PARTS = ("core", "submission", "worker", "learning.py")


def files() -> Iterator[tuple[str, Path]]:
    """Yield the name below `gradekit/` and the path of each file that marks depend on."""
    for part in PARTS:
        path = ROOT / part
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            # An editor's copies, text.py~ or .text.py.swp, are no part of the program.
            if file.suffix == ".py" and not file.name.startswith("."):
                yield file.relative_to(ROOT).as_posix(), file


@cache
def digest() -> str:
    """Return the SHA-256 of the names and contents of those files."""
    total = hashlib.sha256()
    for name, path in files():
        total.update(hashlib.sha256(name.encode()).digest())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
