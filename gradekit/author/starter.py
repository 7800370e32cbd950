"""A small assignment to start from: it builds, grades and keeps its promises as it is.

Its files lie in `templates/new` as they will stand in the author's folder, with the
word "starter" where the name goes.
"""

from __future__ import annotations

import re
import tempfile
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from gradekit.core.errors import AuthorError

WORD = "starter"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
TEXTS = (".ipynb", ".md")  # where the word stands for the name


def start_assignment(folder: Path) -> list[str]:
    """Make an assignment in a new folder, and return its files.

    Raises
    ------
    AuthorError
        If the folder's name cannot be an assignment's, or something lies there already;
        nothing is changed then.
    """
    if not NAME.fullmatch(folder.name):
        raise AuthorError(
            f"{folder.name}: a name begins with a letter and goes on with letters, digits, "
            "- or _. Choose another one."
        )
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise AuthorError(f"{folder}: something lies there already. Choose another name.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".gradekit-") as scratch:
            made = Path(scratch) / folder.name
            files = _copy(resources.files("gradekit.author") / "new", made, folder.name)
            made.replace(folder)  # all of it or nothing
    except OSError as error:
        raise AuthorError(f"{folder}: cannot be made ({error.strerror}). Choose another.") from None
    return sorted(path.relative_to(made).as_posix() for path in files)


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
            text = text.replace(WORD, name) if path.suffix in TEXTS else text
            path.write_text(text, encoding="utf-8", newline="\n")
            files.append(path)
    return files
