"""The pages of a results folder: feedback for each student, and the class at a glance.

They are made from the reports and from nothing else, so they can be made again at any
time, without a sandbox and without the submissions.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gradekit.core.escape import file_names
from gradekit.core.files import replace_file
from gradekit.core.marks import Report
from gradekit.pages import feedback, overview


def publish_pages(results: Path, reports: Sequence[Report], assignment: str) -> Path:
    """Write a page for each report and one for the class; return where the latter is.

    Raises
    ------
    GraderError
        If a page cannot be written. Pages before it are new, the others are the old ones.
    """
    # The same names as those of the JSON files, because both are made of the same ids.
    names = file_names(report.submission for report in reports)
    for report in reports:
        path = results / "feedback" / f"{names[report.submission]}.html"
        replace_file(path, feedback.page(report, assignment))
    class_page = results / "report" / "index.html"
    replace_file(class_page, overview.page(reports, names, assignment))
    return class_page
