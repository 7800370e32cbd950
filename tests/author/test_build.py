"""A build writes three folders with equal bytes for equal content, or changes nothing."""

import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gradekit.author.build import Built, build_assignment, draft_assignment
from gradekit.author.dist import differences, pack_archives, zipped
from gradekit.core.bundle import Bundle
from gradekit.core.errors import AuthorError, GradekitError, GraderError
from masters.edit import AVERAGES, Edit, derive


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def notebook(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "averages.ipynb").read_text("utf-8"))
    return data


def source(folder: Path, cell_id: str) -> str:
    return next("".join(c["source"]) for c in notebook(folder)["cells"] if c["id"] == cell_id)


def test_students_receive_the_notebook_its_files_and_public_checks(averages: Built) -> None:
    """There is nothing else in their folder."""
    assert list(files_below(averages.student)) == [
        "README.md",
        "averages.ipynb",
        "helpers.py",
        "requirements.txt",
        "tests/moving_average.py",
        "tests/peak.py",
    ]
    assert "test_random_signals" not in (averages.student / "tests/moving_average.py").read_text()


def test_the_bundle_keeps_hidden_files_apart(averages: Built) -> None:
    """What only the worker may read is in a folder of its own."""
    assert [name for name in files_below(averages.autograder) if name != "Dockerfile"] == [
        "files/helpers.py",
        "hidden/reference.py",
        "manifest.json",
        "otter_config.json",
        "requirements.txt",
        "tests/moving_average.py",
        "tests/peak.py",
        "written.json",
    ]


def test_the_rubric_is_for_staff_and_changes_no_grade(averages: Built) -> None:
    """It is in the bundle as the master has it, and in no digest that a grade depends on."""
    rubric = json.loads((averages.autograder / "written.json").read_text("utf-8"))
    assert list(rubric) == ["lag"]
    assert "1 point for 7 samples" in rubric["lag"]["earns"]
    assert "by how many samples?" in rubric["lag"]["asks"][0]
    assert "written.json" not in averages.bundle.files


def test_the_student_sees_the_stub_and_staff_the_solution(averages: Built) -> None:
    """The two notebooks have the same cells, apart from the rubric."""
    assert "raise NotImplementedError" in source(averages.student, "average")
    assert "sliding_window_view" not in source(averages.student, "average")
    assert "sliding_window_view" in source(averages.solutions, "average")
    ids = [cell["id"] for cell in notebook(averages.solutions)["cells"]]
    ids.remove("lag-rubric")
    assert ids == [cell["id"] for cell in notebook(averages.student)["cells"]]


def test_every_cell_has_a_stable_and_telling_id(averages: Built) -> None:
    """Cells of the master keep theirs; those that Otter adds get one that says what they are."""
    assert averages.bundle.cells == (
        *("otter-init", "title", "imports", "average-text", "average", "check-moving_average"),
        *("between", "pulse", "peak-text", "peak", "check-peak", "lag-text", "lag", "closing"),
    )


def test_the_manifest_says_what_the_contract_demands(averages: Built) -> None:
    """Questions in the order of the notebook, checks in the order of their file."""
    manifest = json.loads((averages.autograder / "manifest.json").read_text())
    assert averages.bundle == Bundle.load(averages.autograder)
    assert (manifest["format"], manifest["assignment"]) == (2, "averages")
    assert (manifest["notebook"], manifest["out_of"]) == ("averages.ipynb", 10.0)
    assert manifest["imports"] == ["numpy", "helpers"]
    assert manifest["questions"][1] == {
        "name": "peak",
        "manual": False,
        "out_of": 4.0,
        "cells": ["peak"],
        "check_cell": "check-peak",
        "names": ["position_of_peak"],
        "checks": [
            {"name": "the position is an integer", "hidden": False, "points": 1.0},
            {"name": "the position is right", "hidden": True, "points": 3.0},
        ],
        "handed_out": [
            {
                "cell_type": "code",
                "source": "smooth = moving_average(pulse, 15)\nposition_of_peak = ...",
            }
        ],
    }
    assert manifest["questions"][2] == {
        "name": "lag",
        "manual": True,
        "out_of": 2.0,
        "cells": ["lag"],
        "check_cell": None,
        "names": [],
        "checks": [],
        "handed_out": [
            {
                "cell_type": "markdown",
                "source": "_Write your answer here, in one or two sentences._",
            }
        ],
    }


def test_the_manifest_holds_the_digest_of_every_file_that_grades(averages: Built) -> None:
    """A changed bundle shows."""
    contents = files_below(averages.autograder)
    del contents["manifest.json"]
    del contents["written.json"]  # for people
    manifest = json.loads((averages.autograder / "manifest.json").read_text("utf-8"))
    assert manifest["files"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in contents.items()
    }


def test_notebooks_carry_content_and_nothing_of_the_machine(tmp_path: Path) -> None:
    """Versions, outputs and counts go; kernel and language stay."""

    def opened_elsewhere(edit: Edit) -> None:
        edit.notebook["metadata"]["language_info"]["version"] = "3.99.1"
        edit.cell("pulse")["execution_count"] = 7

    built = build_assignment(derive(tmp_path / "master", opened_elsewhere), tmp_path / "out")
    for folder in (built.student, built.solutions):
        text = (folder / "averages.ipynb").read_text("utf-8")
        assert text.endswith("}\n")
        assert notebook(folder)["metadata"] == {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "otter": {"assignment_name": "averages"},
        }
        code = [cell for cell in notebook(folder)["cells"] if cell["cell_type"] == "code"]
        assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_a_rebuild_is_byte_identical_and_drops_stale_files(averages: Built, tmp_path: Path) -> None:
    """Building over an earlier build gives what building anew gives."""
    build_assignment(AVERAGES, tmp_path)
    (tmp_path / "student" / "old.py").write_text("left over")
    build_assignment(AVERAGES, tmp_path)
    assert files_below(tmp_path) == files_below(averages.root)


def test_the_working_folder_and_the_assignment_stay_unchanged(tmp_path: Path) -> None:
    """Otter changes both; here it works in a process and on a copy of its own."""
    folder = derive(tmp_path / "master")
    before = (Path.cwd(), files_below(folder))
    build_assignment(folder, tmp_path / "out")
    assert (Path.cwd(), files_below(folder)) == before


def spoil(draft: Built, when: str) -> None:
    """Refuse a draft, or take the last of its three folders away, so that it cannot be moved."""
    if when == "trying":
        raise AuthorError("refused")
    shutil.rmtree(draft.autograder)


@pytest.mark.parametrize("when", ["reading", "trying", "moving"])
def test_a_build_that_fails_changes_nothing(when: str, tmp_path: Path) -> None:
    """Neither half of a build nor a temporary folder is left."""
    folder, root = derive(tmp_path / "master"), tmp_path / "out"
    build_assignment(folder, root)
    before = files_below(root)
    edit = Edit(folder)
    edit.write("pulse", "x = 1  # SOLUTION" if when == "reading" else "x = 1")
    edit.save()
    with pytest.raises(GradekitError), draft_assignment(folder, root) as draft:
        spoil(draft, when)
    assert files_below(root) == before
    assert sorted(path.name for path in root.iterdir()) == ["autograder", "solutions", "student"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Not the temporary folder in which the error arose."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(GraderError, match=r"file: could not be written .* Name another folder\."):
        build_assignment(AVERAGES, tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_written_by_hand_is_not_replaced(tmp_path: Path) -> None:
    """Somebody's own student/ is worth more than a build."""
    (tmp_path / "student").mkdir()
    (tmp_path / "student" / "essay.txt").write_text("mine")
    with pytest.raises(AuthorError, match=r"student was not written by gradekit"):
        build_assignment(AVERAGES, tmp_path)
    assert (tmp_path / "student" / "essay.txt").read_text() == "mine"


def test_a_question_with_hidden_checks_only_shows_no_check_cell(tmp_path: Path) -> None:
    """A check cell without checks would tell every student that all is well."""

    def hide_all(edit: Edit) -> None:
        edit.replace("peak-integer", "points: 1\n", "points: 1\nhidden: true\n")

    built = build_assignment(derive(tmp_path / "master", hide_all), tmp_path / "out")
    assert "check-peak" not in built.bundle.cells
    assert not (built.student / "tests" / "peak.py").exists()
    question = built.bundle.question("peak")
    assert (question.check_cell, question.cells) == (None, ("peak",))


def test_a_question_without_an_answer_is_marked_after_its_text(tmp_path: Path) -> None:
    """The worker always knows where a question stands."""

    def only_checks(edit: Edit) -> None:
        edit.replace("peak-integer", "points: 1\n", "points: 1\nhidden: true\n")
        for cell_id in ("peak-begin", "peak", "peak-end"):
            edit.remove(cell_id)

    built = build_assignment(derive(tmp_path / "master", only_checks), tmp_path / "out")
    assert built.bundle.question("peak").cells == ("peak-text",)


def test_a_written_question_without_prompt_gets_an_answer_cell(tmp_path: Path) -> None:
    """Otter adds one; its id says whose answer it is."""

    def no_prompt(edit: Edit) -> None:
        for cell_id in ("lag-prompt-begin", "lag", "lag-prompt-end"):
            edit.remove(cell_id)

    built = build_assignment(derive(tmp_path / "master", no_prompt), tmp_path / "out")
    assert built.bundle.question("lag").cells == ("answer-lag",)
    assert "Type your answer here" in source(built.student, "answer-lag")


def test_folders_are_copied_without_what_programs_leave_behind(tmp_path: Path) -> None:
    """Pictures and data come along, caches do not."""

    def with_folder(edit: Edit) -> None:
        for name in ("img/deep/a.svg", "img/__pycache__/b.pyc", "img/.ipynb_checkpoints/c"):
            path = edit.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"\x00\xff")
        edit.replace("config", "  - helpers.py", "  - helpers.py\n  - img")

    built = build_assignment(derive(tmp_path / "master", with_folder), tmp_path / "out")
    assert [n for n in files_below(built.student) if "img" in n] == ["img/deep/a.svg"]
    assert [n for n in files_below(built.autograder) if "img" in n] == ["files/img/deep/a.svg"]


def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    """A link may lead to anything on the author's disk."""
    folder = derive(tmp_path / "master")
    (folder / "helpers.py").unlink()
    (folder / "helpers.py").symlink_to("/etc/passwd")
    with pytest.raises(AuthorError, match="symbolic link"):
        build_assignment(folder, tmp_path / "out")


def test_archives_are_equal_for_equal_folders(averages: Built, tmp_path: Path) -> None:
    """No date and no order of the file system is in them."""
    again = build_assignment(AVERAGES, tmp_path / "again")
    for one, other in zip(
        pack_archives(averages, tmp_path / "a"), pack_archives(again, tmp_path / "b"), strict=True
    ):
        assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(io.BytesIO(zipped(averages.student, "averages/"))) as archive:
        assert archive.testzip() is None
        assert "averages/tests/peak.py" in archive.namelist()


def test_a_missing_folder_is_one_difference(averages: Built, tmp_path: Path) -> None:
    """Not one for each file that was in it."""
    expected = ["student/ is missing", "solutions/ is missing", "autograder/ is missing"]
    assert differences(averages.root, tmp_path) == expected


def test_a_stale_build_names_files_and_cells(averages: Built, tmp_path: Path) -> None:
    """The reader of a failed test knows where to look."""
    old = build_assignment(AVERAGES, tmp_path)
    path = old.student / "averages.ipynb"
    data = notebook(old.student)
    data["cells"][1]["source"] = ["changed"]
    del data["cells"][2]
    path.write_text(json.dumps(data))
    (old.autograder / "tests" / "peak.py").write_text("changed")
    (old.solutions / "README.md").unlink()
    (old.student / "extra.txt").write_text("extra")
    assert differences(averages.root, old.root) == [
        "student/averages.ipynb differs in cell title",
        "student/averages.ipynb lacks cell imports",
        "student/extra.txt is not part of the build",
        "solutions/README.md is missing",
        "autograder/tests/peak.py differs",
    ]
