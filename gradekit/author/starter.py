"""A small assignment to start from: it builds, grades and keeps its promises as it is.

Its files lie in `new/` as they will lie in the author's folder, with the word "starter"
where the name goes.
"""

from __future__ import annotations

import re
import tempfile
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from gradekit.core.errors import AuthorError
from gradekit.core.files import writing

WORD = "starter"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
NAMED_INSIDE = (".ipynb", ".md")  # files in whose text the word stands for the name


def start_assignment(folder: Path) -> list[str]:
    """Make an assignment in a new folder, and return its files.

    Raises
    ------
    AuthorError
        If the folder's name cannot be an assignment's, or something lies there already.
    GraderError
        If the folder cannot be written. Nothing is changed in all these cases.
    """
    if not NAME.fullmatch(folder.name):
        raise AuthorError(
            f"{folder.name or folder}: a name begins with a letter and goes on with letters, "
            "digits, - or _. Choose another name."
        )
    with writing(folder):
        if _is_taken(folder):
            raise AuthorError(f"{folder}: something lies there already. Choose another name.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Beside the folder, so that it is moved into its place in one step: all or nothing.
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".gradekit-") as scratch:
            draft = Path(scratch) / folder.name
            files = _copy(resources.files("gradekit.author") / "new", draft, folder.name)
            draft.replace(folder)
    return sorted(path.relative_to(draft).as_posix() for path in files)


def _is_taken(folder: Path) -> bool:
    """Whether there is anything but an empty folder; a link may lead to somebody else's."""
    if folder.is_symlink():
        return True
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def _copy(source: Traversable, target: Path, name: str) -> list[Path]:
    """Copy a folder, the name in the place of the word; return the files."""
    target.mkdir()
    files: list[Path] = []
    for entry in source.iterdir():
        path = target / entry.name.replace(WORD, name)
        if entry.is_dir() and entry.name != "__pycache__":
            files += _copy(entry, path, name)
        elif entry.is_file():
            text = entry.read_text(encoding="utf-8")
            text = text.replace(WORD, name) if path.suffix in NAMED_INSIDE else text
            path.write_text(text, encoding="utf-8", newline="\n")
            files.append(path)
    return files
