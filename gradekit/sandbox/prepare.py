"""The bundle with everything its checks need, made once on this machine.

`autograder/` is text under version control. What it cannot hold, a data set or the
images of a holdout, its own recipe `hidden/prepare.py` makes; the result is kept beside
the bundle's digest, and workers and images get that folder.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from gradekit.core.bundle import Bundle
from gradekit.core.errors import AuthorError
from gradekit.core.files import copy_tree, full_disk, writing

PREPARE_SECONDS = 600


def cache_root() -> Path:
    """Return the folder for what can be made again."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "gradekit"


def prepare_bundle(bundle: Path, cache: Path | None = None) -> Path:
    """Return a folder with the bundle and what its recipe makes, made once.

    Raises
    ------
    AuthorError
        If the bundle cannot be read, a file of it is not what the manifest says, or
        its recipe fails.
    GraderError
        If the folder in the cache cannot be written, because the disk is full for example.
    """
    loaded = Bundle.load(bundle)
    _verify(loaded)
    root = (cache or cache_root()) / "bundles"
    target = root / loaded.digest[:24]
    if not target.is_dir():
        with writing(root):
            root.mkdir(parents=True, exist_ok=True)
            # Beside its target, so that one rename puts the whole folder there.
            with tempfile.TemporaryDirectory(dir=root, prefix="making-") as making:
                draft = Path(making) / "bundle"
                copy_tree(bundle, draft)
                _prepare(draft)
                _put(draft, target)
    return target


def _verify(bundle: Bundle) -> None:
    """Assert that every file is the one that was built; nothing else is copied along."""
    for name, digest in bundle.files.items():
        path = bundle.folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise AuthorError(
                f"{path}: missing or changed since the bundle was built. Only "
                '"gradekit build" writes that folder; change the master and build again.'
            )


def _prepare(bundle: Path) -> None:
    """Run the recipe; it is the author's, and sees the bundle's own modules."""
    recipe = bundle / "hidden" / "prepare.py"
    if not recipe.is_file():
        return
    paths = os.pathsep.join(str(bundle / folder) for folder in ("files", "hidden"))
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        run = subprocess.run(
            [sys.executable, str(recipe), str(bundle)],
            env=environment, capture_output=True, text=True, timeout=PREPARE_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise AuthorError(
            f"hidden/prepare.py did not end within {PREPARE_SECONDS} s. Make it smaller."
        ) from None
    if run.returncode != 0:
        if error := full_disk(run.stderr):  # no fault of the author's
            raise error
        raise AuthorError(f"hidden/prepare.py failed: {run.stderr.strip()[-800:]}")


def _put(draft: Path, target: Path) -> None:
    """Move the folder into place; another process may have been quicker."""
    try:
        draft.rename(target)
    except OSError:
        if not target.is_dir():
            raise
