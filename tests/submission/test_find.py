"""Everything handed in gets a row, and is opened only where that is safe."""

from __future__ import annotations

import json
import os
import socket
from hashlib import sha256
from pathlib import Path

import pytest

from gradekit.core.errors import SubmissionError
from gradekit.submission import find as finding
from gradekit.submission.find import find_hand_ins
from gradekit.submission.parse import read_notebook


def data(source: str) -> bytes:
    cell = {"id": "c0", "cell_type": "code", "metadata": {}, "outputs": [], "source": source}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}).encode()


def reason_for(folder: Path, name: str) -> str:
    [found] = [one for one in find_hand_ins(folder) if one.parts[0] == name]
    with pytest.raises(SubmissionError) as caught:
        read_notebook(found)
    return str(caught.value)


def test_a_folder_of_notebooks_gives_one_row_for_each(tmp_path: Path) -> None:
    """The id is the file name without its suffix."""
    for name in ("bo.ipynb", "alice.ipynb"):
        (tmp_path / name).write_bytes(data("1"))
    assert [(one.id, one.file) for one in find_hand_ins(tmp_path)] == [
        ("alice", "alice.ipynb"),
        ("bo", "bo.ipynb"),
    ]


def test_a_folder_of_folders_gives_one_row_for_each_student(tmp_path: Path) -> None:
    """The id is the folder's name; the notebook may lie deeper, beside other files."""
    (tmp_path / "alice/work").mkdir(parents=True)
    (tmp_path / "alice/work/final version.ipynb").write_bytes(data("1"))
    (tmp_path / "alice/digits.png").write_bytes(b"")
    [found] = find_hand_ins(tmp_path)
    assert (found.id, found.file) == ("alice", "alice/work/final version.ipynb")
    assert read_notebook(found).cells[0]["source"] == "1"


def test_one_file_is_one_submission(tmp_path: Path) -> None:
    """A single notebook is graded without its neighbours, whatever it is called."""
    (tmp_path / "README.ipynb").write_bytes(data("1"))
    (tmp_path / "bo.ipynb").write_bytes(data("1"))
    assert [one.id for one in find_hand_ins(tmp_path / "README.ipynb")] == ["README"]


@pytest.mark.parametrize("name", ["notes.txt", "scan.pdf", "answer", "x.ipynb.zip", "main.py"])
def test_a_file_that_is_no_notebook_still_gets_a_row(tmp_path: Path, name: str) -> None:
    """Somebody handed it in, so somebody is told why it has no score."""
    (tmp_path / name).write_bytes(b"not a notebook")
    assert reason_for(tmp_path, name).startswith(f"{name}: the file is not a notebook")


def test_the_staffs_files_and_leftovers_get_no_row(tmp_path: Path) -> None:
    """A README, marks and what macOS or Jupyter leave behind were not handed in."""
    for name in ("README.md", "marks.toml", ".DS_Store", "._bo.ipynb", "Thumbs.db", "bo.ipynb"):
        (tmp_path / name).write_bytes(data("1"))
    for name in (".ipynb_checkpoints", "__MACOSX"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bo.ipynb").write_bytes(data("2"))
    assert [one.id for one in find_hand_ins(tmp_path)] == ["bo"]
    assert finding.staff_files(tmp_path) == ["README.md", "marks.toml"]


def test_our_own_results_folder_is_no_submission(tmp_path: Path) -> None:
    """Grading the current folder twice gives the same rows."""
    (tmp_path / "results").mkdir()
    (tmp_path / "bo.ipynb").write_bytes(data("1"))
    assert [one.id for one in find_hand_ins(tmp_path, leave_out=[tmp_path / "results"])] == ["bo"]


@pytest.mark.parametrize("there", [True, False])
def test_nothing_handed_in_is_a_sentence(tmp_path: Path, there: bool) -> None:
    """An empty folder and a missing one are refused as a whole."""
    with pytest.raises(SubmissionError, match=r"nothing was handed in|no such file"):
        find_hand_ins(tmp_path if there else tmp_path / "missing")


def test_a_folder_without_a_notebook_says_what_it_holds(tmp_path: Path) -> None:
    """The student can see which file was taken for the submission."""
    (tmp_path / "bo").mkdir()
    (tmp_path / "chen").mkdir()
    for name in ("notes.txt", "scan.pdf"):
        (tmp_path / "bo" / name).write_text("hello")
    assert "bo/: no notebook here, only notes.txt, scan.pdf." in reason_for(tmp_path, "bo")
    assert "chen/: an empty folder." in reason_for(tmp_path, "chen")


def test_two_notebooks_in_one_folder_are_named_not_guessed(tmp_path: Path) -> None:
    """Which one counts is for people to say."""
    (tmp_path / "bo").mkdir()
    for name in ("old.ipynb", "new.ipynb"):
        (tmp_path / "bo" / name).write_bytes(data("1"))
    assert "new.ipynb, old.ipynb: which one counts?" in reason_for(tmp_path, "bo")


def test_a_folder_named_like_a_notebook_is_a_folder(tmp_path: Path) -> None:
    """It gets a row and a reason, and is never opened as a file."""
    (tmp_path / "bo.ipynb").mkdir()
    assert "an empty folder" in reason_for(tmp_path, "bo.ipynb")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_has_a_reason_of_its_own(tmp_path: Path) -> None:
    """A folder and a file without permissions cost only themselves."""
    for name in ("bo", "chen"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.ipynb").write_bytes(data("1"))
    (tmp_path / "bo").chmod(0)
    (tmp_path / "chen/x.ipynb").chmod(0)
    reasons = [reason_for(tmp_path, name) for name in ("bo", "chen")]
    (tmp_path / "bo").chmod(0o700)
    assert all("could not be opened (Permission denied)" in reason for reason in reasons)


def test_too_many_files_are_not_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of a million files costs a reason, not an hour."""
    monkeypatch.setattr(finding, "MAX_ENTRIES", 5)
    (tmp_path / "bo").mkdir()
    for number in range(9):
        (tmp_path / "bo" / str(number)).touch()
    assert "too many files" in reason_for(tmp_path, "bo")


def test_links_are_never_followed(tmp_path: Path) -> None:
    """Neither a link to a file, nor to a folder, nor one inside a student's folder."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.ipynb").write_bytes(data("secret"))
    handed_in = tmp_path / "class"
    (handed_in / "inside").mkdir(parents=True)
    (handed_in / "inside/x.ipynb").symlink_to(secret / "key.ipynb")
    (handed_in / "file.ipynb").symlink_to(secret / "key.ipynb")
    (handed_in / "folder").symlink_to(secret)
    for name in ("inside", "file.ipynb", "folder"):
        assert "links are not followed" in reason_for(handed_in, name)


def test_a_folder_exchanged_for_a_link_is_not_followed(tmp_path: Path) -> None:
    """What was a folder when we looked may be a link when we open."""
    (tmp_path / "class/bo").mkdir(parents=True)
    (tmp_path / "class/bo/x.ipynb").write_bytes(data("1"))
    [found] = find_hand_ins(tmp_path / "class")
    (tmp_path / "class/bo").rename(tmp_path / "elsewhere")
    (tmp_path / "class/bo").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SubmissionError, match=r"bo/x\.ipynb"):
        read_notebook(found)


@pytest.mark.timeout(20)
def test_a_pipe_and_a_socket_do_not_keep_us_waiting(tmp_path: Path) -> None:
    """Only regular files are read."""
    os.mkfifo(tmp_path / "pipe.ipynb")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "socket.ipynb"))
    for name in ("pipe.ipynb", "socket.ipynb"):
        assert "not a regular file" in reason_for(tmp_path, name)
    listener.close()


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    """A sparse file of a terabyte costs nothing."""
    with (tmp_path / "big.ipynb").open("wb") as file:
        file.truncate(1 << 40)
    assert "larger than 100 MiB" in reason_for(tmp_path, "big.ipynb")


def test_awkward_names_are_read_and_shown_as_plain_text(tmp_path: Path) -> None:
    """Bytes that are not UTF-8, line ends, escapes and 255 bytes: each has a clean row."""
    names = [b"\xff\xfe", b"a\nb", b"\x1b[31mred", "e\u202ecod".encode(), b"x" * 249, b"a,b:c"]
    for name in names:
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name + b".ipynb")).write_bytes(data("1"))
    found = find_hand_ins(tmp_path)
    assert len(found) == len(names)
    for one in found:
        assert one.id.isprintable()
        assert one.file.isprintable()
        assert read_notebook(one).cells


def test_every_row_has_an_id_of_its_own(tmp_path: Path) -> None:
    """The same student twice is two rows; the folder, then the notebook keeps the short id."""
    (tmp_path / "bo").mkdir()
    for name in ("bo.ipynb", "bo.txt", "Bo.ipynb", "bo.ipynb.txt", "chen.txt", "chen.ipynb"):
        (tmp_path / name).write_bytes(data("1"))
    assert {one.file: one.id for one in find_hand_ins(tmp_path)} == {
        "bo/": "bo",
        "bo.ipynb": "bo.ipynb",
        "Bo.ipynb": "Bo",
        "bo.txt": "bo.txt",
        "bo.ipynb.txt": "bo.ipynb.txt",
        "chen.ipynb": "chen",
        "chen.txt": "chen.txt",
    }


def test_the_only_file_in_a_folder_counts_whatever_it_is_called(tmp_path: Path) -> None:
    """Nothing else could have been meant; beside other files a suffix is needed."""
    (tmp_path / "bo").mkdir()
    (tmp_path / "bo/x.ipynb.txt").write_bytes(data("1"))
    [found] = find_hand_ins(tmp_path)
    assert (found.id, found.file) == ("bo", "bo/x.ipynb.txt")
    (tmp_path / "bo/notes.md").touch()
    assert "no notebook here, only notes.md, x.ipynb.txt." in reason_for(tmp_path, "bo")


def test_an_archive_counts_only_where_no_notebook_does(tmp_path: Path) -> None:
    """First the notebook, then the only archive; two archives are named, not guessed."""
    (tmp_path / "bo").mkdir()
    for name in ("a.zip", "notes.txt", "b.tar.gz", "x.ipynb"):
        (tmp_path / "bo" / name).touch()
    assert [one.file for one in find_hand_ins(tmp_path)] == ["bo/x.ipynb"]
    (tmp_path / "bo/x.ipynb").unlink()
    assert "a.zip, b.tar.gz: which one counts?" in reason_for(tmp_path, "bo")
    (tmp_path / "bo/b.tar.gz").unlink()
    assert [one.file for one in find_hand_ins(tmp_path)] == ["bo/a.zip"]


def test_a_hidden_notebook_is_work_under_an_unlucky_name(tmp_path: Path) -> None:
    """It gets a row; the hidden copies that Jupyter, macOS and Emacs make do not."""
    for name in (".ipynb", ".bo.ipynb", "....ipynb", ".~bo.ipynb", "._bo.ipynb", ".#bo.ipynb"):
        (tmp_path / name).write_bytes(data("1"))
    assert [one.file for one in find_hand_ins(tmp_path)] == ["....ipynb", ".bo.ipynb", ".ipynb"]


def test_an_archive_gives_its_stem_as_id(tmp_path: Path) -> None:
    """Both parts of .tar.gz are suffix."""
    for name in ("bo.tar.gz", "chen.zip", "dana.tgz"):
        (tmp_path / name).touch()
    assert [one.id for one in find_hand_ins(tmp_path)] == ["bo", "chen", "dana"]


def test_a_notebook_is_looked_for_in_eight_folders_and_no_deeper(tmp_path: Path) -> None:
    """Nobody hides honest work deeper; and the search of a made-up tree ends."""
    for student, depth in (("alice", 8), ("bo", 9)):
        folder = tmp_path.joinpath(student, *["more"] * (depth - 1))
        folder.mkdir(parents=True)
        (folder / "work.ipynb").write_bytes(data("1"))
    alice, _ = find_hand_ins(tmp_path)
    assert read_notebook(alice).cells[0]["source"] == "1"
    assert "too many files to look through" in reason_for(tmp_path, "bo")


def test_a_file_is_read_once_for_its_digest(tmp_path: Path) -> None:
    """Whoever asks later in the same run, grader, regrade or human marks, reads nothing."""
    path = tmp_path / "bo.ipynb"
    path.write_bytes(data("1"))
    [bo] = find_hand_ins(tmp_path)
    digest = bo.digest
    assert digest == sha256(path.read_bytes()).hexdigest()
    path.unlink()
    assert bo.digest == digest


def test_a_file_that_cannot_be_read_has_no_digest(tmp_path: Path) -> None:
    """There is a sentence instead, as when it is read."""
    path = tmp_path / "bo.ipynb"
    path.write_bytes(data("1"))
    [bo] = find_hand_ins(tmp_path)
    path.unlink()
    with pytest.raises(SubmissionError, match=r"bo\.ipynb: could not be opened"):
        _ = bo.digest
