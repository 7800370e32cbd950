"""`gradekit new` makes an assignment to start from, and harms nothing.

That it builds, grades and keeps its promises is tried by test_docs, as the page shows it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gradekit.author import starter
from gradekit.author.starter import start_assignment
from gradekit.cli import main

TEMPLATE = Path(starter.__file__).parent / "new"


def test_the_examples_are_hand_ins_of_that_notebook(tmp_path: Path) -> None:
    """They have the cells that students receive, so an edited master does not leave them behind."""
    from gradekit.author.build import build_assignment

    start_assignment(tmp_path / "demo")
    built = build_assignment(tmp_path / "demo/assignment", tmp_path / "demo")
    given = ids(built.student / "demo.ipynb")
    for path in sorted((tmp_path / "demo/submissions").glob("*.ipynb")):
        assert ids(path) == given, path.name
    rubric = json.loads((built.autograder / "written.json").read_text())
    assert "avoids overflow" in rubric["shift"]["earns"]


def ids(notebook: Path) -> list[str]:
    return [cell["id"] for cell in json.loads(notebook.read_text())["cells"]]


def test_the_name_is_everywhere_and_nothing_else_is_changed(tmp_path: Path) -> None:
    """Folder, notebook and settings have it; the files are those of the template."""
    files = start_assignment(tmp_path / "week-3")
    assert "assignment/week-3.ipynb" in files
    assert len(files) == len(
        [path for path in TEMPLATE.rglob("*.*") if "__pycache__" not in str(path)]
    )
    texts = [(tmp_path / "week-3" / file).read_text() for file in files]
    assert "name: week-3\\n" in "".join(texts)
    assert "starter" not in "".join(texts)


@pytest.mark.parametrize("there", ["folder", "file", "link"])
def test_nothing_is_overwritten(
    there: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a folder with something in it, nor a file, nor what a link leads to."""
    place = tmp_path / "demo"
    if there == "folder":
        place.mkdir()
        (place / "mine.txt").write_text("mine")
    elif there == "file":
        place.write_text("mine")
    else:
        place.symlink_to(tmp_path / "elsewhere")
    assert main(["new", str(place)]) == 3
    assert "something lies there already. Choose another name." in capsys.readouterr().err
    assert len(list(tmp_path.rglob("*"))) == (2 if there == "folder" else 1)


def test_a_place_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The author reads where, why and what to do, and no name of a Python error."""
    (tmp_path / "file").write_text("mine")
    assert main(["new", str(tmp_path / "file" / "demo")]) == 5
    assert "demo: could not be written (File exists). Name another" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["3rd", "a b", ".hidden", "x" * 80])
def test_a_name_that_no_assignment_can_have_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is made."""
    assert main(["new", str(tmp_path / name)]) == 3
    assert "a name begins with a letter" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_folder_without_a_name_is_named_by_its_path(capsys: pytest.CaptureFixture[str]) -> None:
    """The root of all folders has no last part that could stand in the sentence."""
    assert main(["new", "/"]) == 3
    assert capsys.readouterr().err.startswith("/: a name begins with a letter")


def test_the_template_is_in_the_wheel(tmp_path: Path) -> None:
    """Somebody who installed the program has it too: every file of it is package data."""
    import tomllib

    text = (TEMPLATE.parents[2] / "pyproject.toml").read_text()
    patterns = tomllib.loads(text)["tool"]["setuptools"]["package-data"]["gradekit.author"]
    package = TEMPLATE.parent
    packed = {path for pattern in patterns for path in package.glob(pattern) if path.is_file()}
    wanted = {p for p in TEMPLATE.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    assert wanted <= packed
