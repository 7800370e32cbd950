"""What a person needs to mark written answers: what was asked, and what earns points.

A build writes it to `written.json` in the bundle, for staff alone. It stands in no
digest of the manifest, because no check reads it: a rubric that is mended on grading
day sends nobody back to a sandbox.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gradekit.core.errors import AuthorError

if TYPE_CHECKING:
    pass

FILE = "written.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """One written question: the text that students read, and the one that staff read."""

    asks: tuple[str, ...] = ()  # its text cells
    earns: str = ""  # the rubric, or a model answer


def load(bundle: Path) -> dict[str, Rubric]:
    """Return the rubric of each written question; none from a bundle of an older gradekit.

    Raises
    ------
    AuthorError
        If the file is there and not what a build wrote.
    """
    path = bundle / FILE
    try:
        data = json.loads(path.read_bytes())
        return {
            name: Rubric(asks=tuple(map(str, entry["asks"])), earns=str(entry["earns"]))
            for name, entry in data.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AuthorError(
            f'{path}: this is no file of a bundle ({error!r}). Run "gradekit build" again.'
        ) from None
