"""A master that passes means what it says; every other one is refused, with the remedy."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gradekit.author.canary import solution_lines
from gradekit.author.master import master
from gradekit.core.errors import AuthorError
from masters.edit import AVERAGES, Edit, derive
from masters.refusals import ACCEPTED_BY_OTTER, LEAKS, REFUSALS, REFUSED_BY_BOTH

ORACLE = """
import json, sys, traceback
from pathlib import Path
from otter.assign import main
for folder in map(Path, sys.argv[1:]):
    try:
        main(str(folder / "averages.ipynb"), str(folder / "out"), no_pdfs=True, no_run_tests=True)
        (folder / "accepted").touch()
    except Exception:
        (folder / "refused").write_text(traceback.format_exc())
"""


@pytest.fixture(scope="module")
def otter_on(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every derived master after the real Otter Assign, in one process to save its start."""
    root = tmp_path_factory.mktemp("otter")
    folders = {
        claim: derive(root / str(n), refusal.edit)
        for n, (claim, refusal) in enumerate(REFUSALS.items())
    }
    command = [sys.executable, "-c", ORACLE, *map(str, folders.values())]
    subprocess.run(command, check=True, capture_output=True, cwd=root)
    return folders


def text_below(folder: Path) -> str:
    return "\n".join(
        path.read_text("utf-8") for path in sorted(folder.rglob("*")) if path.is_file()
    )


def test_the_good_master_passes() -> None:
    """What the other tests change is without mistakes to begin with."""
    read = master.read_master(AVERAGES)
    assert [question.name for question in read.questions] == ["moving_average", "peak", "lag"]
    assert [len(question.checks) for question in read.questions] == [4, 2, 0]


@pytest.mark.parametrize("claim", REFUSALS)
def test_the_master_is_refused_with(claim: str, tmp_path: Path) -> None:
    """The error names file, cell number, cell id and what is wrong."""
    refusal = REFUSALS[claim]
    folder = derive(tmp_path / "master", refusal.edit)
    with pytest.raises(AuthorError) as caught:
        master.read_master(folder)
    where = f"{folder / 'averages.ipynb'}"
    if refusal.cell is not None:
        ids = [cell["id"] for cell in Edit(folder).notebook["cells"]]
        where += f", cell {ids.index(refusal.cell) + 1} ({refusal.cell})"
    lines = [line for line in str(caught.value).splitlines() if line.startswith(f"{where}: ")]
    assert any(refusal.says in line for line in lines), str(caught.value)
    assert all(line.endswith(".") for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize("claim", LEAKS)
def test_plain_otter_shows_the_students(claim: str, otter_on: dict[str, Path]) -> None:
    """The refusal is needed: Otter accepts this master and the answer is in its student folder."""
    assert (otter_on[claim] / "accepted").exists(), (otter_on[claim] / "refused").read_text()
    shown = LEAKS[claim].shown
    assert shown is not None
    assert shown in text_below(otter_on[claim] / "out" / "student")


@pytest.mark.slow
def test_plain_otter_shows_none_of_it_for_the_good_master(tmp_path: Path) -> None:
    """What the leaking masters show is in no student folder to begin with."""
    folder = derive(tmp_path / "good")
    subprocess.run([sys.executable, "-c", ORACLE, str(folder)], check=True, capture_output=True)
    text = text_below(folder / "out" / "student")
    assert [claim for claim, leak in LEAKS.items() if str(leak.shown) in text] == []


@pytest.mark.slow
@pytest.mark.parametrize("claim", [c for c, r in ACCEPTED_BY_OTTER.items() if r.passes])
def test_plain_otter_accepts(claim: str, otter_on: dict[str, Path]) -> None:
    """The refusal is needed: Otter takes this master without a word."""
    assert (otter_on[claim] / "accepted").exists(), (otter_on[claim] / "refused").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("claim", REFUSED_BY_BOTH)
def test_plain_otter_refuses_too(claim: str, otter_on: dict[str, Path]) -> None:
    """The refusal is only earlier, and names the cell."""
    assert (otter_on[claim] / "refused").exists()


@pytest.mark.parametrize("files", ["", " helpers.py", " [1]", "\n  a: b"])
def test_files_that_are_no_list_of_paths_are_refused(files: str, tmp_path: Path) -> None:
    """Also a list that lost its last line."""
    folder = derive(
        tmp_path / "master",
        lambda e: e.replace("config", "files:\n  - helpers.py\nauto", f"files:{files}\nauto"),
    )
    with pytest.raises(AuthorError, match=r"\(config\): .* Write a list of paths"):
        master.read_master(folder)


def test_one_slip_gives_one_mistake(tmp_path: Path) -> None:
    """What follows a misspelled marker is read as if it had been right."""
    folder = derive(tmp_path / "m", lambda e: e.replace("q-peak", "# BEGIN", "# BEGN"))
    with pytest.raises(AuthorError) as caught:
        master.read_master(folder)
    assert len(str(caught.value).splitlines()) == 1


def slips(line: str) -> Iterator[str]:
    """Every way to leave a letter out, to change its case or to double it."""
    for n, letter in enumerate(line):
        for instead in ("", letter.swapcase(), letter * 2):
            yield line[:n] + instead + line[n + 1 :]


def secrets(folder: Path) -> set[str]:
    """What students may not see, as a reader of the master finds it."""
    questions = master.read_master(folder).questions
    hidden = {check.cell.id for q in questions for check in q.checks if check.hidden}
    rubrics = {cell.id for q in questions for cell in q.solutions if cell.kind == "markdown"}
    code = [cell for q in questions for cell in q.solutions if cell.kind == "code"]
    lines = {f"{cell.id} {number}" for cell in code for number in solution_lines(cell.source)}
    return hidden | rubrics | lines


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("config", "# ASSIGNMENT CONFIG"),
        ("config", "autograder_files:"),
        ("q-peak", "# BEGIN QUESTION"),
        ("q-peak-end", "# END QUESTION"),
        ("peak-begin", "# BEGIN SOLUTION"),
        ("peak-end", "# END SOLUTION"),
        ("lag-begin", "# BEGIN SOLUTION"),
        ("peak-tests", "# BEGIN TESTS"),
        ("peak-tests-end", "# END TESTS"),
        ("average", "# BEGIN SOLUTION NO PROMPT"),
        ("average", "# END SOLUTION"),
        ("average", "# BEGIN PROMPT"),
        ("peak", "# SOLUTION"),
        ("peak-right", "hidden: true"),
        ("peak-right", '""" # BEGIN TEST CONFIG'),
        ("peak-right", '""" # END TEST CONFIG'),
    ],
)
def test_a_slip_of_the_pen_is_refused_or_hides_as_much(
    cell: str, line: str, tmp_path: Path
) -> None:
    """No letter of a marker can be left out, doubled or change its case and show more."""
    before = secrets(AVERAGES)
    shown = []
    for number, slip in enumerate(slips(line)):
        folder = tmp_path / str(number)
        derive(folder, lambda e, slip=slip: e.replace(cell, line, slip))
        with suppress(AuthorError):
            if not before <= secrets(folder):
                shown.append(slip)
    assert shown == []


def test_all_mistakes_are_reported_at_once_in_order(tmp_path: Path) -> None:
    """An author mends a notebook in one go."""

    def three(edit: Edit) -> None:
        edit.replace("config", "export_cell", "exprot_cell")
        edit.write("pulse", "x = 1  # SOLUTION")
        edit.remove("q-lag-end")

    with pytest.raises(AuthorError) as caught:
        master.read_master(derive(tmp_path / "master", three))
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[0].rsplit("(")[-1] for line in lines] == [
        "config)",
        "pulse)",
        "q-lag)",
    ]


HARMLESS: dict[str, Callable[[Edit], object]] = {
    "prose about solutions": lambda e: e.write(
        "between", "## Hidden layers\n\nThe solution of the equation ends here.\n\n- Ignore noise."
    ),
    "comments with everyday words": lambda e: e.write(
        "pulse",
        "a = 1  # hidden units\n# the solution of Ax = b\nb = 2  # resolution\nc = 3  # seed",
    ),
    "magics": lambda e: e.write("pulse", "%matplotlib inline\n!true\nx = 1"),
    "a cell magic above a solution line": lambda e: e.write(
        "peak", "%%time\nsmooth = 3\nposition_of_peak = 1  # SOLUTION"
    ),
    "a cell magic of another language": lambda e: e.write("pulse", "%%bash\nls -l | wc"),
    "a call below a check": lambda e: e.write(
        "peak-right",
        "".join(e.cell("peak-right")["source"])
        + "\n\ntest_the_position_is_right(position_of_peak)",
    ),
    "a formatter's two blanks before a marker": lambda e: e.replace(
        "peak-right", '""" # END TEST CONFIG', '"""  # END TEST CONFIG'
    ),
    "lines that only the master has": lambda e: e.write("pulse", "x = 1\ny = 2  # IGNORE"),
    "a heading in a rubric": lambda e: e.write("lag-rubric", "## Solution\n\nSeven."),
    "several targets": lambda e: e.write("peak", "position_of_peak, b = 1, 2  # SOLUTION"),
    "a nested target": lambda e: e.write("peak", 'table["a"] = 1  # SOLUTION'),
    "a solution line in a loop": lambda e: e.write(
        "peak", "for k in range(3):\n    position_of_peak = k  # SOLUTION"
    ),
    "points shared out": lambda e: [
        e.write("q-peak", "# BEGIN QUESTION\nname: peak\npoints: 4"),
        e.replace("peak-integer", "points: 1\n", ""),
        e.replace("peak-right", "points: 3\n", ""),
    ],
}


@pytest.mark.parametrize("claim", HARMLESS)
def test_the_master_passes_with(claim: str, tmp_path: Path) -> None:
    """What is no mistake is not refused."""
    master.read_master(derive(tmp_path / "master", HARMLESS[claim]))


def test_a_folder_with_two_notebooks_is_refused(tmp_path: Path) -> None:
    """Which one is the master is not guessed."""
    folder = derive(tmp_path / "master")
    (folder / "copy.ipynb").write_text("{}")
    with pytest.raises(AuthorError, match=r"exactly one notebook.*averages.ipynb, copy.ipynb"):
        master.read_master(folder)


def test_the_notebook_itself_may_be_named(tmp_path: Path) -> None:
    """A folder may then hold others."""
    folder = derive(tmp_path / "master")
    (folder / "copy.ipynb").write_text("{}")
    assert master.read_master(folder / "averages.ipynb").path.name == "averages.ipynb"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not a notebook"),
        ("[]", "no list of sound cells"),
        ('{"cells": [], "metadata": {}, "nbformat": 4}', "4.5"),
    ],
)
def test_a_file_that_is_no_current_notebook_is_refused(
    text: str, says: str, tmp_path: Path
) -> None:
    """The author reads a sentence and no traceback."""
    (tmp_path / "m.ipynb").write_text(text)
    with pytest.raises(AuthorError, match=says):
        master.read_master(tmp_path)


def test_a_missing_master_is_refused(tmp_path: Path) -> None:
    """A wrong path on the command line is the author's to mend."""
    with pytest.raises(AuthorError, match="cannot be read"):
        master.read_master(tmp_path / "none.ipynb")


def test_a_list_of_lines_and_one_text_are_the_same_source(tmp_path: Path) -> None:
    """Jupyter writes lists, other tools write texts."""
    folder = derive(tmp_path / "master")
    data = json.loads((folder / "averages.ipynb").read_text())
    for cell in data["cells"]:
        cell["source"] = "".join(cell["source"])
    (folder / "averages.ipynb").write_text(json.dumps(data))
    before, after = master.read_master(AVERAGES), master.read_master(folder)
    assert [cell.source for cell in before.cells] == [cell.source for cell in after.cells]
