"""Say where two builds differ: which files, and which cells of a notebook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gradekit.author.build import FOLDERS
from gradekit.author.dist import files_below


def differences(expected: Path, found: Path) -> list[str]:
    """Return one line for each difference of the three folders; none if they are equal.

    Parameters
    ----------
    expected : Path
        Where the fresh build is.
    found : Path
        Where the build is that may be stale.
    """
    lines: list[str] = []
    for folder in FOLDERS:
        if not (found / folder).is_dir():
            lines.append(f"{folder}/ is missing")
            continue
        fresh, committed = _contents(expected / folder), _contents(found / folder)
        for name in sorted(fresh | committed):
            lines += _difference(f"{folder}/{name}", fresh.get(name), committed.get(name))
    return lines


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files_below(folder)}


def _difference(name: str, fresh: bytes | None, committed: bytes | None) -> Iterator[str]:
    if committed is None:
        yield f"{name} is missing"
    elif fresh is None:
        yield f"{name} is not part of the build"
    elif fresh != committed:
        yield from (
            _inside(name, fresh, committed) if name.endswith(".ipynb") else [f"{name} differs"]
        )


def _inside(name: str, fresh: bytes, committed: bytes) -> Iterator[str]:
    """Name the cells that differ, or say that only what is around them does."""
    try:
        new, old = _cells(fresh), _cells(committed)
    except (ValueError, KeyError, TypeError):
        yield f"{name} differs and is not a notebook of ours"
        return
    changed = [cell for cell in new if cell in old and new[cell] != old[cell]]
    added = [cell for cell in new if cell not in old]
    gone = [cell for cell in old if cell not in new]
    for verb, cells in (("differs in", changed), ("lacks", added), ("has in addition", gone)):
        if cells:
            yield f"{name} {verb} cell {', '.join(cells)}"
    if not (changed or added or gone):
        order = list(new) != list(old)
        yield f"{name} differs in {'the order of its cells' if order else 'its metadata'}"


def _cells(data: bytes) -> dict[str, Any]:
    return {str(cell["id"]): cell for cell in json.loads(data)["cells"]}
