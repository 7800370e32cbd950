"""Collecting a class: whose work is whose, what counts, and what an archive may not do."""

from __future__ import annotations

import csv
import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import lms
import pytest

from gradekit.core.errors import GraderError, SubmissionError
from gradekit.platforms import collect as collecting
from gradekit.platforms import download, naming_rules
from gradekit.platforms.collect import CollectedClass, collect_download
from gradekit.platforms.roster import ROSTER, RosterRow
from gradekit.submission.find import find_hand_ins, left_behind
from gradekit.submission.parse import read_notebook

DOWNLOADS = {
    "canvas": lms.canvas_download,
    "moodle": lms.moodle_download,
    "moodle, flat": lambda path: lms.moodle_download(path, folders=False),
    "gradescope": lms.gradescope_download,
}


def packed(path: Path, *names: str) -> Path:
    return lms.packed(path / "class.zip", {name: lms.notebook(name) for name in names})


def by_submission(collected: CollectedClass) -> dict[str, RosterRow]:
    return {row.submission: row for row in collected.rows}


def graded_text(folder: Path) -> dict[str, str]:
    """Return the code of each submission that `gradekit grade` would find in a folder."""
    found = find_hand_ins(folder, leave_out=[folder / ROSTER])
    return {one.id: json.dumps(read_notebook(one).cells) for one in found}


@pytest.mark.parametrize("platform", DOWNLOADS)
def test_a_platforms_download_becomes_one_notebook_for_each_student(
    platform: str, tmp_path: Path
) -> None:
    """Every student who handed in is found under their id, with their own work."""
    collected = collect_download(DOWNLOADS[platform](tmp_path), tmp_path / "in")
    texts = graded_text(tmp_path / "in")
    assert collected.platform == platform.split(",", maxsplit=1)[0]
    assert collected.problems == []
    assert sorted(texts) == ["101", "102", "103"]
    assert "Chen" in texts["103"]
    assert "Bo" in texts["102"]


@pytest.mark.parametrize("platform", ["moodle", "gradescope"])
def test_the_roster_keeps_names(platform: str, tmp_path: Path) -> None:
    """A name is kept with its spaces, apostrophes and letters beyond ASCII."""
    rows = by_submission(collect_download(DOWNLOADS[platform](tmp_path), tmp_path / "in"))
    assert (rows["101"].name, rows["102"].name) == ("Alice Ångström", "Bo d'Arcy-Li")
    assert (tmp_path / "in" / ROSTER).read_bytes().startswith(b"\xef\xbb\xbf")  # for spreadsheets


def test_canvas_says_who_was_late_and_which_upload_is_the_last(tmp_path: Path) -> None:
    """The largest upload number counts, the others are named; LATE is a flag, not a name."""
    collected = collect_download(lms.canvas_download(tmp_path), tmp_path / "in")
    rows = by_submission(collected)
    assert [rows[id_].late for id_ in ("101", "102", "103")] == ["no", "yes", "no"]
    assert (rows["101"].file, rows["101"].notes) == ("hw-1.ipynb", "does not count: hw.ipynb")
    assert "Alice again" in graded_text(tmp_path / "in")["101"]
    assert rows["102"].name == "darcylibo"
    assert "1 late" in collected.summary()


@pytest.mark.parametrize(
    ("name", "student", "upload", "file"),
    [
        ("doejane_12_34_x.ipynb", "12", 34, "x.ipynb"),
        ("doe7_12_34_x.ipynb", "12", 34, "x.ipynb"),
        ("doe_7jane_12_34_x.ipynb", "12", 34, "x.ipynb"),
        ("latejane_LATE_12_34_x.ipynb", "12", 34, "x.ipynb"),
        ("doejane_12_34_99_98_x.ipynb", "12", 34, "99_98_x.ipynb"),
        ("anon_a1B2c_34_99_x.ipynb", "anon_a1B2c", 34, "99_x.ipynb"),
        ("LATE_anon_a1B2c_34_x.ipynb", "anon_a1B2c", 34, "x.ipynb"),
        ("李雷_12_34_作业 1.ipynb", "12", 34, "作业 1.ipynb"),
        ("doejane_12_text.html", "12", 0, "text.html"),
    ],
)
def test_canvas_names_are_read_from_the_left(
    name: str, student: str, upload: int, file: str
) -> None:
    """Digits in a student's own file name do not change whose it is."""
    entry = download.DownloadedFile(parts=(name,), skipped="", read=bytes)
    (sorted_file,) = naming_rules.sort_by_student([entry], "canvas").uploads
    student_id = sorted_file.students[0].id
    assert (student_id, sorted_file.attempt, sorted_file.file) == (student, upload, file)
    assert sorted_file.late is ("LATE" in name)
    assert isinstance(sorted_file.students[0].name, str)


def test_anonymous_work_is_collected_from_canvas(tmp_path: Path) -> None:
    """Where Canvas hides the names, the roster has none."""
    archive = packed(tmp_path, "anon_a1B2c_1_hw.ipynb", "LATE_anon_x9Y8z_2_hw.ipynb")
    rows = by_submission(collect_download(archive, tmp_path / "in"))
    assert [(name, row.name, row.late) for name, row in sorted(rows.items())] == [
        ("anon_a1B2c", "", "no"),
        ("anon_x9Y8z", "", "yes"),
    ]


def test_dates_in_names_are_no_ids_of_canvas(tmp_path: Path) -> None:
    """Students who name files alike are not taken for one student."""
    names = ("2026_11_20_ann.ipynb", "2026_11_20_bo.ipynb")
    collected = collect_download(packed(tmp_path, *names), tmp_path / "in")
    assert collected.platform == "plain"
    assert set(graded_text(tmp_path / "in")) == {"2026_11_20_ann", "2026_11_20_bo"}


def test_a_platform_that_is_asked_for_must_fit(tmp_path: Path) -> None:
    """What is not named by its rules is refused with an example."""
    for platform in ("canvas", "moodle", "gradescope", "nbgrader"):
        with pytest.raises(SubmissionError, match=rf"as ann.ipynb, are not named as {platform}"):
            collect_download(packed(tmp_path, "ann.ipynb"), tmp_path / "in", platform=platform)
    assert not (tmp_path / "in").exists()


def test_a_name_that_imitates_an_id_takes_no_place(tmp_path: Path) -> None:
    """Two names under one id stay two submissions, and the teacher is told."""
    archive = packed(tmp_path, "ann_101_9001_hw.ipynb", "eve_101_105_9002_hw.ipynb")
    collected = collect_download(archive, tmp_path / "in")
    assert len(graded_text(tmp_path / "in")) == 2
    assert [row.id for row in collected.rows] == ["101", "101"]
    assert "the id of several submissions" in collected.problems[0]


def test_moodle_names_inside_a_students_own_work_decide_nothing(tmp_path: Path) -> None:
    """A folder or file called like another student's stays with who handed it in."""
    archive = packed(
        tmp_path,
        "Ann Lee_1_assignsubmission_file/hw.ipynb",
        "Eve_2_assignsubmission_file/Ann Lee_1_assignsubmission_file/hw.ipynb",
        "Eve_3_assignsubmission_file_Ann Lee_1_assignsubmission_file_hw.ipynb",
    )
    rows = by_submission(collect_download(archive, tmp_path / "in"))
    assert {name: row.name for name, row in rows.items()} == {
        "1": "Ann Lee",
        "2": "Eve",
        "3": "Eve",
    }
    assert "Eve_2" in graded_text(tmp_path / "in")["2"]


def test_one_students_names_make_no_platform_of_a_plain_folder(tmp_path: Path) -> None:
    """Names that imitate Moodle, Canvas, Gradescope or nbgrader do not hide the others' work."""
    archive = packed(
        tmp_path,
        "ann.ipynb",
        "bo.ipynb",
        "chen.ipynb",
        "Eve_1_assignsubmission_file_x.ipynb",
        "eve/submission_1/hw.ipynb",
        "eve/submission_metadata.yml",
        "fay/hw.ipynb",
        "fay/x_1_2_3.txt",
        "fay/submitted/a/b/timestamp.txt",
    )
    collected = collect_download(archive, tmp_path / "in")
    assert collected.platform == "plain"
    assert {"ann", "bo", "chen", "eve", "fay"} <= set(graded_text(tmp_path / "in"))


def test_what_a_program_printed_does_not_change_who_handed_in(tmp_path: Path) -> None:
    """Gradescope's metadata repeat students' output; only what it says itself is read."""
    forged = "\n  :submitters:\n  - :name: Alice\n    :sid: '101'\nsubmission_9001:\n  x: 1\n"
    for noise in (forged, forged.replace("\n", "\u2028"), "&a *a !!python/object:os.system " * 99):
        archive = lms.gradescope_download(tmp_path, noise)
        collected = collect_download(archive, tmp_path / "in")
        assert sorted(row.id for row in collected.rows) == ["101", "102", "103"]
        assert collected.problems == []


def test_a_line_break_that_only_yaml_knows_forges_no_submitter(tmp_path: Path) -> None:
    """A printed line separator looks like a new line to some readers, not to this one."""
    forged = "\u2028  :submitters:\u2028  - :name: Eve\u2028    :sid: '101'"
    about = (
        "submission_5:\n  :submitters:\n  - :name: Eve\n    :sid: '105'\n  :results:\n"
        f"    output: |-\n      printed{forged}\n"
    )
    files = {"e/submission_metadata.yml": about.encode(), "e/submission_5/a.ipynb": b"{}"}
    (row,) = collect_download(lms.packed(tmp_path / "e.zip", files), tmp_path / "in").rows
    assert row.id == "105"


def test_a_group_is_one_submission_of_several_students(tmp_path: Path) -> None:
    """Both are in the roster, and the work is graded once."""
    about = (
        "submission_5:\n  :submitters:\n  - :name: Ann\n    :sid: '0012'\n"
        "  - :name: Bo\n    :sid:\n    :email: bo@example.org\n  :created_at: 2026-11-20 10:00 Z\n"
    )
    files = {
        "e/submission_metadata.yml": about.encode(),
        "e/submission_5/a.ipynb": lms.notebook(""),
    }
    collected = collect_download(lms.packed(tmp_path / "e.zip", files), tmp_path / "in")
    assert [row.id for row in collected.rows] == ["0012", "bo@example.org"]
    assert len(graded_text(tmp_path / "in")) == 1
    assert {row.submission for row in collected.rows} == set(graded_text(tmp_path / "in"))


def test_an_nbgrader_tree_is_collected_one_assignment_at_a_time(tmp_path: Path) -> None:
    """The time stamp is kept, another assignment is not mixed in, and none is guessed."""
    tree = lms.nbgrader_tree(tmp_path)
    with pytest.raises(SubmissionError, match=r"ps1, ps2. Say which with --assignment"):
        collect_download(tree, tmp_path / "in")
    (tree / "source" / "ps2").mkdir(parents=True)
    (tree / "source" / "ps2" / "hw.ipynb").write_bytes(lms.notebook("the solution"))
    (tree / "submitted" / "readme.txt").write_text("not in a student's folder")
    collected = collect_download(tree, tmp_path / "in", assignment="ps2")
    assert collected.problems == ["submitted/readme.txt: not in the folder of a submission"]
    assert by_submission(collected)["102"].when == "2026-11-20 23:59:59.000000 UTC"
    assert "Bo ps2" in graded_text(tmp_path / "in")["102"]
    assert (
        collect_download(tree / "submitted", tmp_path / "again", assignment="ps1").platform
        == "nbgrader"
    )


def test_a_plain_folder_keeps_each_students_file(tmp_path: Path) -> None:
    """Files and folders at the top, also inside one wrapping folder, are one student's each."""
    names = ("class/ann.ipynb", "class/bo/hw.ipynb", "class/bo/data.csv", "class/README.md")
    collected = collect_download(packed(tmp_path, *names), tmp_path / "in")
    assert set(graded_text(tmp_path / "in")) == {"ann", "bo"}
    assert by_submission(collected)["bo"].notes == "not needed: data.csv"
    assert collected.problems == ["class/README.md: not a student submission"]


@pytest.mark.parametrize(
    ("names", "counts"),
    [
        (["hw.ipynb", "hw-1.ipynb", "hw-10.ipynb"], "hw-10.ipynb"),
        (["hw.ipynb", "hw (1).ipynb", "hw(2).ipynb"], "hw(2).ipynb"),
        (["HW.ipynb", "hw-1.ipynb"], "hw-1.ipynb"),
        (["hw-1.ipynb", "hw-2.ipynb"], ""),  # two parts of one exercise, for all we know
        (["hw.ipynb", "scratch.ipynb"], ""),
        (["hw.ipynb", ".ipynb_checkpoints/hw-checkpoint.ipynb"], "hw.ipynb"),
        (["hw.zip", "data.csv"], "hw.zip"),
    ],
)
def test_which_file_counts_is_decided_by_rule_or_not_at_all(
    names: list[str], counts: str, tmp_path: Path
) -> None:
    """Numbered copies count beside their original; else grading asks, and nothing is lost."""
    archive = packed(tmp_path, *(f"ann/{name}" for name in names), "bo/hw.ipynb")
    collected = collect_download(archive, tmp_path / "in")
    row = by_submission(collected)["ann"]
    if counts:
        assert row.file == counts
        assert collected.problems == []
    else:
        assert "which one counts?" in collected.problems[0]
        handin, _ = find_hand_ins(tmp_path / "in", leave_out=[tmp_path / "in" / ROSTER])
        assert "which one counts?" in handin.trouble
        assert len(list((tmp_path / "in" / "ann").iterdir())) == len(names)


def test_work_that_is_no_notebook_gets_a_row_all_the_same(tmp_path: Path) -> None:
    """A PDF is passed on, so that grading can say what it is."""
    archive = lms.packed(tmp_path / "a.zip", {"ann/hw.pdf": b"%PDF-1.7", "bo/hw.ipynb": b"{}"})
    collect_download(archive, tmp_path / "in")
    ann, _ = find_hand_ins(tmp_path / "in", leave_out=[tmp_path / "in" / ROSTER])
    with pytest.raises(SubmissionError, match="a PDF, not a notebook"):
        read_notebook(ann)


def test_files_of_which_none_is_a_notebook_keep_their_suffixes(tmp_path: Path) -> None:
    """Several files lie in the student's folder, so that grading can say what each one is."""
    files = (".notes.pdf", "übung.pdf", "hw.pdf")
    archive = packed(tmp_path, *(f"Ann_1_assignsubmission_file_{name}" for name in files))
    collected = collect_download(archive, tmp_path / "in")
    assert collected.rows[0].file == ", ".join(files)
    names = sorted(path.name for path in (tmp_path / "in" / "1").iterdir())
    assert [Path(name).suffix for name in names] == [".pdf"] * 3
    assert not any(left_behind([name]) for name in names)


def test_the_summary_counts_submissions_and_not_students(tmp_path: Path) -> None:
    """A file that could not be collected is no submission; late work and notes are counted."""
    archive = packed(
        tmp_path, "ann_1_10_hw.ipynb", "ann_1_11_hw-1.ipynb", "bo_LATE_2_12_hw.ipynb", "eve_3_13_x"
    )
    with zipfile.ZipFile(archive, "a") as more:
        link = zipfile.ZipInfo("fay_4_14_hw.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        more.writestr(link, "/etc/passwd")
    summary = collect_download(archive, tmp_path / "in").summary()
    assert summary == "canvas: 3 submissions, 1 late, 2 with notes in roster.csv"
    on_time = collect_download(lms.gradescope_download(tmp_path), tmp_path / "in")
    assert on_time.summary() == "gradescope: 3 submissions"


AWKWARD = [
    "README", "readme.first", "roster", "__MACOSX2", "a.tar", "thumbs.db", ".hidden", "-rf", "=1+1",
    "a;=b", "x" * 200, "Bo", "bo", "tab\there", "line\nbreak", "quote\"'", "☃", "\u202eevil", "CON",
]  # fmt: skip


def test_every_awkward_name_keeps_its_own_row_and_work(tmp_path: Path) -> None:
    """No student's name hides a file, meets another's, or begins a formula."""
    archive = packed(tmp_path, *(f"c/{name}/hw.ipynb" for name in AWKWARD))
    collected = collect_download(archive, tmp_path / "in")
    kept = [row for row in collected.rows if row.file]
    assert len(kept) >= len(AWKWARD) - 2  # thumbs.db and .hidden are what programs leave behind
    assert set(graded_text(tmp_path / "in")) == {row.submission for row in kept}
    text = (tmp_path / "in" / ROSTER).read_text("utf-8-sig")
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert len(text.splitlines()) == len(kept) + 1


def test_nothing_leaves_the_folder_and_no_link_is_followed(tmp_path: Path) -> None:
    """Paths that climb out, absolute paths and links are listed, never obeyed."""
    archive = packed(
        tmp_path, "../evil.ipynb", "/evil.ipynb", "C:\\evil.ipynb", "ann/../../e.ipynb"
    )
    with zipfile.ZipFile(archive, "a") as more:
        link = zipfile.ZipInfo("link/hw.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        more.writestr(link, "/etc/passwd")
        more.writestr("bo/hw.ipynb", lms.notebook("bo"))
    before = set(tmp_path.iterdir())
    collected = collect_download(archive, tmp_path / "in")
    assert set(tmp_path.iterdir()) - before == {tmp_path / "in"}
    assert set(graded_text(tmp_path / "in")) == {"bo"}
    reasons = " | ".join(collected.problems)
    assert reasons.count("its path leads out of the archive") == 4
    assert "a link, and links are not followed" in reasons


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    """Neither a linked file nor a linked folder is read, nor a pipe waited for."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "hw.ipynb").write_bytes(lms.notebook("secret"))
    (tmp_path / "c" / "ann").mkdir(parents=True)
    (tmp_path / "c" / "ann" / "hw.ipynb").symlink_to(tmp_path / "secret" / "hw.ipynb")
    (tmp_path / "c" / "bo").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "c" / "chen.ipynb")
    (tmp_path / "c" / "dana.ipynb").write_bytes(lms.notebook("dana"))
    collected = collect_download(tmp_path / "c", tmp_path / "in")
    assert set(graded_text(tmp_path / "in")) == {"dana"}
    assert len(collected.problems) == 3
    assert all(
        "not followed" in text or "not a regular file" in text for text in collected.problems
    )


def test_a_bomb_costs_no_more_than_an_honest_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file, all files together and their number are limited, whatever the zip says."""
    monkeypatch.setattr(download, "MAX_BYTES", 2000)
    monkeypatch.setattr(collecting, "MAX_TOTAL", 1000)
    files = {"ann.ipynb": b" " * 5000, "bo.ipynb": b" " * 900, "chen.ipynb": b" " * 900}
    collected = collect_download(lms.packed(tmp_path / "a.zip", files), tmp_path / "in")
    assert [row.submission for row in collected.rows if row.file] == ["bo"]
    assert "larger than" in collected.problems[0]
    assert "the class takes more than" in collected.problems[1]
    monkeypatch.setattr(download, "MAX_FILES", 1)
    with pytest.raises(SubmissionError, match="more than 1 files"):
        collect_download(tmp_path / "a.zip", tmp_path / "in")


def test_a_zip_that_lies_about_a_size_is_read_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stated size is small, the stream is not; one damaged member costs only itself."""
    archive = lms.packed(
        tmp_path / "a.zip", {"ann.ipynb": b" " * 9000, "bo.ipynb": lms.notebook("bo")}
    )
    data = archive.read_bytes()
    archive.write_bytes(data.replace((9000).to_bytes(4, "little"), (9).to_bytes(4, "little")))
    collected = collect_download(archive, tmp_path / "in")
    assert set(graded_text(tmp_path / "in")) == {"bo"}
    assert collected.problems == ["ann: ann.ipynb: damaged in the archive"]


def test_an_upload_that_cannot_be_read_is_not_replaced_by_an_older_one(tmp_path: Path) -> None:
    """The latest counts or nothing does: silently grading an older one would be wrong."""
    archive = packed(tmp_path, "ann_1_10_hw.ipynb", "ann_1_20_hw-1.ipynb", "bo_2_11_hw.ipynb")
    data = bytearray(archive.read_bytes())
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"ann_1_20_hw-1.ipynb"))
    data[at + 8] |= 1  # the bit that says encrypted
    archive.write_bytes(data)
    collected = collect_download(archive, tmp_path / "in")
    assert set(graded_text(tmp_path / "in")) == {"2"}
    row = by_submission(collected)["1"]
    assert (row.file, row.id) == ("", "1")
    assert row.notes == "hw-1.ipynb: protected by a password; does not count: hw.ipynb"


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    """What `collect` wrote it replaces; what it did not write it refuses to touch."""
    archive = packed(tmp_path, "ann.ipynb", "bo.ipynb")
    collect_download(archive, tmp_path / "in")
    collect_download(packed(tmp_path, "bo.ipynb", "chen.ipynb"), tmp_path / "in")
    assert set(graded_text(tmp_path / "in")) == {"bo", "chen"}
    (tmp_path / "in" / "my notes.txt").write_text("precious")
    with pytest.raises(SubmissionError, match=r"holds my notes.txt, which `gradekit collect`"):
        collect_download(archive, tmp_path / "in")
    assert (tmp_path / "in" / "my notes.txt").read_text() == "precious"
    with pytest.raises(SubmissionError, match="a file"):
        collect_download(tmp_path / "in", archive)


def test_a_collected_folder_is_not_collected_into_itself(tmp_path: Path) -> None:
    """It would be replaced while it is read, so it is refused and stays."""
    collect_download(packed(tmp_path, "ann.ipynb", "bo.ipynb"), tmp_path / "in")
    with pytest.raises(SubmissionError, match="cannot be collected into itself"):
        collect_download(tmp_path / "in", tmp_path / "in")
    assert set(graded_text(tmp_path / "in")) == {"ann", "bo"}


def test_a_folder_is_collected_again_into_a_folder_within(tmp_path: Path) -> None:
    """What was collected before is not taken for a student."""
    for name in ("ann", "bo"):
        lms.packed(tmp_path / f"{name}.zip", {"hw.ipynb": lms.notebook(name)})
    first = collect_download(tmp_path, tmp_path / "in").rows
    assert [row.submission for row in first] == ["ann", "bo"]
    assert collect_download(tmp_path, tmp_path / "in").rows == first


def test_a_failed_collection_leaves_the_old_folder(tmp_path: Path) -> None:
    """A damaged archive changes nothing and leaves nothing beside the folder."""
    collect_download(packed(tmp_path, "ann.ipynb", "bo.ipynb"), tmp_path / "in")
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 and no more")
    (tmp_path / "text.zip").write_text("no archive")
    before = sorted(tmp_path.iterdir())
    for name, text in {"bad.zip": "damaged", "text.zip": "neither", "gone": "opened"}.items():
        with pytest.raises(SubmissionError, match=text):
            collect_download(tmp_path / name, tmp_path / "in")
    with pytest.raises(GraderError), collecting._replaced(tmp_path / "in") as folder:
        folder.rmdir()  # the disk takes the new folder away
    assert sorted(tmp_path.iterdir()) == before
    assert set(graded_text(tmp_path / "in")) == {"ann", "bo"}


LOCKED = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")  # root obeys modes too


@pytest.mark.parametrize(
    ("archive", "into", "code", "message"),
    [
        ("class.zip", "read-only/in", 5, "read-only/in: could not be written (Permission denied)"),
        ("class.zip", "closed/in", 5, "closed/in: could not be written (Permission denied)"),
        ("closed/class.zip", "in", 2, "closed/class.zip: could not be opened (Permission denied)"),
    ],
)
def test_a_denied_permission_is_a_sentence_about_the_folder(
    archive: str, into: str, code: int, message: str, tmp_path: Path
) -> None:
    """Where this user may not write or read, the sentence says where and what to allow."""
    packed(tmp_path, "ann.ipynb", "bo.ipynb")
    for name, mode in {"read-only": 0o555, "closed": 0o000}.items():
        (tmp_path / name).mkdir(mode=mode)
    command = [sys.executable, "-m", "gradekit", "collect", archive, "--into", into]
    run = subprocess.run(
        [*(LOCKED if os.geteuid() == 0 else ()), *command],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stdout) == (code, "")
    assert f"{message}. Allow this user to" in run.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class.zip", "closed", "read-only"]
