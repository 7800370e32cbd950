"""Where the recordings of a class are kept: one file for each submission.

They stand beside the journal and are no part of it, because they are large and can be
made again: whoever needs the room deletes the folder, and a later regrade then runs
students' code. The name of a file says what it was recorded of and in what: the digest
of the notebook, and a digest of all that the student's code met (packages, gradekit
itself, files, limits). A new recording takes the place of earlier ones of the same notebook.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from gradekit.worker import UnusableError

if TYPE_CHECKING:
    from gradekit.core.job import Limits
    from gradekit.sandbox import Sandbox

FOLDER = "recordings"
STALE_SECONDS = 3600.0  # longer than any worker runs
ROOM_BYTES = 4 << 30  # what recordings leave free on the disk


class Recordings:
    """The recordings in one results folder; threads may share it."""

    def __init__(self, results: Path) -> None:
        self.folder = results / FOLDER

    def new_path(self) -> str:
        """Return where a worker may write a new recording; empty where there is no room."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            if shutil.disk_usage(self.folder).free < ROOM_BYTES:
                return ""
        except OSError:
            return ""
        return str(self.folder / f"{uuid.uuid4().hex}.new")

    def keep(self, new: str, submission: str, sandbox: Sandbox, limits: Limits) -> None:
        """Put what a worker wrote under its name; earlier ones of this notebook go."""
        path = Path(new)
        if not new or not path.is_file():
            return
        with contextlib.suppress(OSError):
            for earlier in self.folder.glob(f"{submission}-*"):
                earlier.unlink(missing_ok=True)
            path.rename(self.folder / _name(submission, sandbox, limits))

    def find(self, submission: str, sandbox: Sandbox, limits: Limits) -> Path:
        """Return the recording of a notebook.

        Raises
        ------
        UnusableError
            If there is none, or one made under other conditions.
        """
        path = self.folder / _name(submission, sandbox, limits)
        if path.is_file():
            return path
        if any(self.folder.glob(f"{submission}-*")):
            raise UnusableError(
                "gradekit, the sandbox, a package, a limit or a file students get changed"
            )
        raise UnusableError("there is no recording of it")

    def _sweep(self) -> None:
        """Remove what killed or failed workers left behind."""
        for path in self.folder.glob("*.new"):
            if path.stat().st_mtime < time.time() - STALE_SECONDS:
                path.unlink(missing_ok=True)


def _name(submission: str, sandbox: Sandbox, limits: Limits) -> str:
    met = json.dumps([sandbox.environment, limits.to_json()])
    return f"{submission}-{hashlib.sha256(met.encode()).hexdigest()[:16]}"
