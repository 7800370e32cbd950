"""The names in a download: the borders at which a rule begins and ends to hold."""

from __future__ import annotations

import pytest

from gradekit.core.errors import SubmissionError
from gradekit.platforms.download import DownloadedFile
from gradekit.platforms.naming_rules import SortedDownload, sort_by_student


def entries(*paths: str, content: bytes = b"") -> list[DownloadedFile]:
    return [
        DownloadedFile(parts=tuple(p.split("/")), skipped="", read=lambda: content) for p in paths
    ]


def students(download: SortedDownload) -> dict[str, str]:
    """Return whose each file is."""
    return {upload.file: upload.students[0].id for upload in download.uploads}


@pytest.mark.parametrize(
    ("names", "platform"),
    [
        (("A_1_assignsubmission_file/x", "bo.ipynb"), "plain"),
        (("A_1_assignsubmission_file/x", "B_2_assignsubmission_file/y", "bo.ipynb"), "moodle"),
        (("ann/ps1/timestamp.txt", "bo/ps1/hw.ipynb"), "plain"),
        (("ann/ps1/timestamp.txt", "bo/ps1/timestamp.txt", "chen/ps1/hw.ipynb"), "nbgrader"),
        (("submission_1/x.ipynb", "submission_metadata.yml"), "gradescope"),
    ],
)
def test_most_names_must_follow_a_rule(names: tuple[str, ...], platform: str) -> None:
    """Half of them is not most: one student in a class of two makes no platform."""
    assert sort_by_student(entries(*names)).platform == platform


def test_an_only_students_folder_is_not_taken_for_the_class() -> None:
    """A wrapping folder shows by two notebooks at its top; one notebook is one student's."""
    alone = sort_by_student(entries("ann/hw.ipynb", "ann/data.csv"))
    assert set(students(alone).values()) == {"ann"}
    wrapped = sort_by_student(entries("class/ann.ipynb", "class/bo/hw.ipynb"))
    assert set(students(wrapped).values()) == {"ann", "bo"}


def test_a_plain_file_is_known_by_its_name_without_suffix() -> None:
    """Whole suffixes are cut, also two-part ones; settings of the staff are nobody's."""
    names = ("ann.tar.gz", "bo.IPYNB", "chen.zip", "d.e.ipynb", ".ipynb", "marks.toml")
    download = sort_by_student(entries(*names))
    assert [upload.students[0].id for upload in download.uploads] == [
        "ann", "bo", "chen", "d.e", ".ipynb"
    ]  # fmt: skip
    assert [entry.parts for entry, _ in download.strays] == [("marks.toml",)]


def test_later_uploads_to_canvas_have_larger_numbers() -> None:
    """All digits count, also where one number has more of them."""
    first, second = sort_by_student(
        entries("ann_1_9999_hw.ipynb", "ann_1_10000_hw-1.ipynb", "bo_2_5_hw.ipynb")
    ).uploads[:2]
    assert (first.attempt, second.attempt) == (9999, 10000)


METADATA = (
    b"submission_1:\n  :submitters:\n  - :name: Ann\n    :sid: '0012'\n"
    b"  :created_at: 2026-11-20 10:00:00 Z\n  :results:\n    output: printed\n"
    b"submission_2:\n  :submitters:\n  - :name: Bo\n    :sid: null\n    :email: bo@example.org\n"
    b"  - :name: Nobody\n    :sid: ~\n    :email: ~\n"
)


def test_gradescopes_metadata_say_who_and_when() -> None:
    """A student without a number is known by e-mail, one without either is left out."""
    names = ("submission_1/a.ipynb", "submission_2/b.ipynb", "submission_metadata.yml")
    first, second = sort_by_student(entries(*names, content=METADATA)).uploads
    assert [student.id for student in first.students] == ["0012"]
    assert [student.id for student in second.students] == ["bo@example.org"]
    assert (first.when, second.when) == ("2026-11-20 10:00:00 Z", "")


@pytest.mark.parametrize("content", [b"just a text", b"", b"- a list"])
def test_metadata_that_say_nothing_leave_the_folders_number(content: bytes) -> None:
    """The submissions are collected all the same, under Gradescope's own numbers."""
    names = ("submission_1/a.ipynb", "submission_metadata.yml")
    [upload] = sort_by_student(entries(*names, content=content)).uploads
    assert upload.students[0].id == "1"


def test_an_assignment_that_nobody_handed_in_is_refused() -> None:
    """Also where the course has only one, which is not the one that was named."""
    tree = entries("submitted/ann/ps1/hw.ipynb", "submitted/bo/ps1/hw.ipynb")
    with pytest.raises(SubmissionError, match=r"the assignments in it are ps1\. Say which"):
        sort_by_student(tree, assignment="ps2")
    assert sort_by_student(tree, assignment="ps1") == sort_by_student(tree)
