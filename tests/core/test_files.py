"""A file is replaced at once, and left alone where nothing would change."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradekit.core.errors import GraderError
from gradekit.core.files import replace_file


def test_a_file_is_replaced_and_its_folders_are_made(tmp_path: Path) -> None:
    """Text and bytes; nothing else is left beside it."""
    path = tmp_path / "a" / "b.csv"
    replace_file(path, "zo\u00eb \udc80")
    assert path.read_bytes() == "zo\u00eb \\udc80".encode()
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_has_the_content_already_is_not_written_again(tmp_path: Path) -> None:
    """Also on a disk that takes nothing more; other content of the same length is written."""
    path = tmp_path / "page.html"
    replace_file(path, "same")
    before = path.stat()
    replace_file(path, "same")
    assert path.stat().st_ino == before.st_ino
    replace_file(path, "some")
    assert path.read_text() == "some"


def test_the_longest_name_has_room_for_its_draft(tmp_path: Path) -> None:
    """A name of 255 bytes cannot be made longer while the file is written."""
    path = tmp_path / ("\u00eb" * 127)
    replace_file(path, "x")
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_file_in_the_way_is_a_sentence(tmp_path: Path) -> None:
    """What is there stays there."""
    (tmp_path / "file").write_text("old")
    with pytest.raises(GraderError, match=r"file/x: could not be written \(File exists\)\. Name"):
        replace_file(tmp_path / "file" / "x", "new")
    assert (tmp_path / "file").read_text() == "old"
