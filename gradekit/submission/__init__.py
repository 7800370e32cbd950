"""A stranger's upload becomes a clean notebook, or a sentence that says why it cannot.

Nothing here runs code or trusts a name, a size or an encoding.
"""

from gradekit.submission.find import (
    ARCHIVES,
    MAX_BYTES,
    HandIn,
    find_hand_ins,
    is_hidden_work,
    left_behind,
    read_contents,
    staff_files,
)
from gradekit.submission.parse import Submission, parse_submission, read_notebook

__all__ = [
    "ARCHIVES",
    "MAX_BYTES",
    "HandIn",
    "Submission",
    "find_hand_ins",
    "is_hidden_work",
    "left_behind",
    "parse_submission",
    "read_contents",
    "read_notebook",
    "staff_files",
    "zip_members",
]
