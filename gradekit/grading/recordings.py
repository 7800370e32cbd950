"""Where the recordings of a class are kept: one file for each submission.

They lie beside the journal and are no part of it, because they are large and can be
made again: whoever needs the room deletes the folder, and a later regrade then runs
students' code. The name of a file says what was recorded under which conditions: the
digest of the notebook, and a digest of everything that the student's code could notice
(packages, gradekit itself, files, limits).
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
        """Return where a worker may write a new recording; empty if it may not.

        A recording only saves time later, so a disk without room for one is no error.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            if shutil.disk_usage(self.folder).free < ROOM_BYTES:
                return ""
        except OSError:
            return ""
        return str(self.folder / f"{uuid.uuid4().hex}.new")

    def keep(self, new: str, digest: str, sandbox: Sandbox, limits: Limits) -> None:
        """Give a worker's recording its name; earlier ones of the same notebook go."""
        path = Path(new)
        if not new or not path.is_file():
            return
        with contextlib.suppress(OSError):
            for earlier in self.folder.glob(f"{digest}-*"):
                earlier.unlink(missing_ok=True)
            path.rename(self.folder / _name(digest, sandbox, limits))

    def find(self, digest: str, sandbox: Sandbox, limits: Limits) -> Path:
        """Return the recording of the notebook with this digest.

        Raises
        ------
        UnusableError
            If there is none, or one made under other conditions.
        """
        path = self.folder / _name(digest, sandbox, limits)
        if path.is_file():
            return path
        if any(self.folder.glob(f"{digest}-*")):
            raise UnusableError(
                "gradekit, the sandbox, a package, a limit or a file for students has changed"
            )
        raise UnusableError("there is no recording of it")

    def _sweep(self) -> None:
        """Remove what killed or failed workers left behind."""
        for path in self.folder.glob("*.new"):
            if path.stat().st_mtime < time.time() - STALE_SECONDS:
                path.unlink(missing_ok=True)


def _name(digest: str, sandbox: Sandbox, limits: Limits) -> str:
    conditions = json.dumps([sandbox.environment, limits.to_json()])
    # 16 digits are enough: within one notebook only a few conditions are ever told apart.
    return f"{digest}-{hashlib.sha256(conditions.encode()).hexdigest()[:16]}"
