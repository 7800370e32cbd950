"""The command line: results on standard output, the rest elsewhere, and the right exit code."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import FakeSandbox, manifest

from gradekit.cli import cli, main
from gradekit.cli.regrade import change_lines
from gradekit.core.errors import AuthorError, GraderError
from gradekit.grading import Change
from gradekit.submission import HandIn


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeSandbox:
    """Stand in a folder with a bundle and a class of two."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "autograder/tests").mkdir(parents=True)
    (tmp_path / "autograder/tests/conv1d.py").write_text("")
    (tmp_path / "autograder/manifest.json").write_text(json.dumps(manifest()))
    hand_in(alice="right", bo="wrong")
    return FakeSandbox()


def hand_in(**sources: str) -> None:
    Path("class").mkdir(exist_ok=True)
    for name, source in sources.items():
        cell = {"id": "a", "cell_type": "code", "source": source}
        Path(f"class/{name}.ipynb").write_text(json.dumps({"cells": [cell], "nbformat": 4}))


def grade(sandbox: FakeSandbox, *options: str) -> int:
    return main(["grade", "class", *options], choose=sandbox.choose)


def rows() -> list[list[str]]:
    return list(csv.reader(Path("results/gradebook.csv").read_text().splitlines()))


Capture = pytest.CaptureFixture[str]


def test_a_class_is_one_line_each_in_order(sandbox: FakeSandbox, capsys: Capture) -> None:
    """Lines go to standard output, the summary elsewhere, and low marks are no error."""
    assert grade(sandbox) == 0
    out, err = capsys.readouterr()
    assert out == "alice      2 / 2\nbo         0 / 2  failed: conv1d (flips the kernel)\n"
    assert "2 submissions, 2 graded, 0 ungraded, mean 1 / 2" in err
    assert "gradebook: results/gradebook.csv" in err


def test_the_gradebook_has_a_row_for_every_file(sandbox: FakeSandbox) -> None:
    """A broken file stands beside the others, and the exit code is still 0."""
    Path("class/chen.txt").write_text("hello")
    assert grade(sandbox) == 0
    assert rows()[0] == ["submission", "status", "points", "out_of", "conv1d", "reason"]
    assert [row[:3] for row in rows()[1:]] == [
        ["alice", "graded", "2.0"],
        ["bo", "graded", "0.0"],
        ["chen", "ungraded", ""],
    ]


def test_a_fault_of_ours_ends_with_5_and_keeps_the_rest(
    sandbox: FakeSandbox, capsys: Capture
) -> None:
    """The reason stands in the line, and what to do on standard error."""
    hand_in(chen="docker")
    assert grade(sandbox) == 5
    out, err = capsys.readouterr()
    assert "chen    ungraded  Docker ran out of disk. Make room." in out
    assert "1 not graded, through no fault of the students; run the command again" in err
    assert rows()[1][1:3] == ["graded", "2.0"]


def test_only_some_are_graded_and_the_others_keep_their_row(sandbox: FakeSandbox) -> None:
    """Earlier reports count while the file is the same."""
    grade(sandbox)
    hand_in(bo="right", chen="# chen")
    assert grade(sandbox, "--only", "chen") == 0
    assert len(sandbox.jobs) == 3
    assert [(row[0], row[2], row[5]) for row in rows()[1:]] == [
        ("alice", "2.0", ""),
        ("bo", "", "bo.ipynb: not graded yet. Run the command again for the whole class."),
        ("chen", "2.0", ""),
    ]


def test_an_unknown_id_is_wrong_usage(sandbox: FakeSandbox, capsys: Capture) -> None:
    """The sentence offers the nearest id; nothing is graded."""
    assert grade(sandbox, "--only", "alicia") == 2
    assert "there is no submission with this id. Did you mean alice?" in capsys.readouterr().err
    assert not sandbox.jobs


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["grade"], 2, "Missing argument"),
        (["grade", "class", "--jobs", "0"], 2, "--jobs"),
        (["grade", "class", "--sandbox", "vm"], 2, "--sandbox"),
        (["grade", "nowhere"], 2, "nowhere: there is no such file or folder."),
        (["grade", "empty"], 2, "nothing was handed in"),
        (["grade", "class", "--bundle", "nowhere"], 3, "nowhere"),
        (["grade", "class", "--results", "class/bo.ipynb/x"], 5, "--results"),
        (["build", "nowhere"], 3, "nowhere"),
        (["shout"], 2, "No such command"),
    ],
)
def test_every_mistake_has_its_exit_code(
    sandbox: FakeSandbox, capsys: Capture, arguments: list[str], code: int, says: str
) -> None:
    """2 wrong usage, 3 the author, 5 staff; a sentence, no traceback, nothing on stdout."""
    Path("empty").mkdir()
    assert main(arguments, choose=sandbox.choose) == code
    out, err = capsys.readouterr()
    assert says in err
    assert "Traceback" not in err
    assert out == ""


def failing(error: Exception) -> Callable[[str, Path], FakeSandbox]:
    def choose(name: str, bundle: Path) -> FakeSandbox:
        raise error

    return choose


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (AuthorError("cell 3: bad."), 3, "cell 3: bad.\n"),
        (GraderError("Docker\x1b[2J did not answer."), 5, "Docker\\x1b[2J did not answer.\n"),
        (PermissionError(13, "Permission denied", "a/b"), 5, "a/b: permission denied. Allow this"),
        (OSError(30, "Read-only file system", "a/b"), 5, "a/b: read-only file system. Allow this"),
        (OSError(28, "No space left on device", b"a/b"), 5, "a/b: no space left on device. Make"),
        (FileNotFoundError(2, "No such file", "a\x1b"), 5, "a\\x1b: no such file. Check that"),
        (OSError("no file in it"), 5, "gradekit failed (OSError: no file in it)."),
        (KeyError("surprise"), 5, "gradekit failed (KeyError: 'surprise'). Run it again with"),
    ],
)
def test_an_error_is_shown_as_its_sentence(
    sandbox: FakeSandbox, capsys: Capture, error: Exception, code: int, says: str
) -> None:
    """Terminal sequences in it are spelled out; a surprise says how to see more."""
    assert main(["grade", "class"], choose=failing(error)) == code
    assert capsys.readouterr().err.startswith(says)


def test_debug_shows_the_traceback(sandbox: FakeSandbox) -> None:
    """For those who mend the program."""
    with pytest.raises(KeyError):
        main(["--debug", "grade", "class"], choose=failing(KeyError("surprise")))


def test_json_is_one_document(sandbox: FakeSandbox, capsys: Capture) -> None:
    """Machines read standard output and nothing else."""
    assert grade(sandbox, "--json") == 0
    reports = json.loads(capsys.readouterr().out)
    assert [(one["submission"], one["points"]) for one in reports] == [("alice", 2.0), ("bo", 0.0)]


def test_a_sandbox_that_protects_nothing_says_so(sandbox: FakeSandbox, capsys: Capture) -> None:
    """Loudly, and on standard error."""
    grade(sandbox, "--sandbox", "none")
    assert sandbox.asked == [("none", Path("autograder"))]
    assert "WARNING: --sandbox none does not isolate anything." in capsys.readouterr().err


def test_files_of_the_staff_are_mentioned_not_graded(sandbox: FakeSandbox, capsys: Capture) -> None:
    """Whoever put a README beside the submissions reads that it has no row."""
    Path("class/README.md").write_text("the class of winter")
    grade(sandbox)
    assert "skipped (not student submissions): README.md" in capsys.readouterr().err
    assert len(rows()) == 3


def test_results_below_the_submissions_are_not_submissions(sandbox: FakeSandbox) -> None:
    """The same command twice gives the same gradebook."""
    for _ in range(2):
        grade(sandbox, "--results", "class/results")
        assert Path("class/results/gradebook.csv").read_text().count("\n") == 3


def test_nothing_is_coloured_or_drawn_without_a_terminal(
    sandbox: FakeSandbox, capsys: Capture
) -> None:
    """Logs and pipes get plain text."""
    hand_in(**{"chen\x1b[31m": "wrong"})
    grade(sandbox)
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err
    assert "chen\\x1b[31m" in out


def test_another_seed_draws_other_inputs(sandbox: FakeSandbox) -> None:
    """Staff can grade again with inputs that nobody has seen."""
    for options in ([], ["--again", "alice"], ["--seed", "winter"]):
        grade(sandbox, "--only", "alice", *options)
    first, second, third = (job.seed for job in sandbox.jobs)
    assert first == second != third


def test_what_was_graded_is_not_graded_again(sandbox: FakeSandbox, capsys: Capture) -> None:
    """The same command twice: the same lines and bytes, and nothing runs the second time."""
    grade(sandbox)
    before = {path.name: path.read_bytes() for path in Path("results").glob("*.[jc]s*")}
    out, _ = capsys.readouterr()
    assert grade(sandbox) == 0
    again, err = capsys.readouterr()
    assert len(sandbox.jobs) == 2
    assert again == out
    assert "2 of them graded earlier" in err
    assert {path.name: path.read_bytes() for path in Path("results").glob("*.[jc]s*")} == before


def test_a_changed_file_is_graded_again_and_the_others_are_not(sandbox: FakeSandbox) -> None:
    """The key holds the digest of what was handed in."""
    grade(sandbox)
    hand_in(bo="# mended")
    grade(sandbox)
    assert len(sandbox.jobs) == 3
    assert [row[2] for row in rows()[1:]] == ["2.0", "2.0"]


def test_a_fault_of_ours_is_tried_again_by_the_next_run(sandbox: FakeSandbox) -> None:
    """Only what has a score is remembered."""
    hand_in(bo="docker")
    grade(sandbox)
    asked = len(sandbox.jobs)
    assert grade(sandbox) == 5
    assert len(sandbox.jobs) > asked


def test_an_unknown_id_cannot_be_graded_again(sandbox: FakeSandbox, capsys: Capture) -> None:
    """A slip of the finger is named, with the option it stands behind."""
    assert grade(sandbox, "--again", "alcie") == 2
    assert "--again alcie: there is no submission with this id. Did you mean alice?" in (
        " ".join(capsys.readouterr().err.split())
    )


@pytest.mark.parametrize(
    "arguments", [["--help"], ["build", "-h"], ["audit", "-h"], ["grade", "-h"], ["doctor", "-h"]]
)
def test_the_help_teaches_and_fits_80_columns(capsys: Capture, arguments: list[str]) -> None:
    """Each command explains itself, with an example where one helps."""
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert all(len(line) <= 80 for line in out.splitlines())
    assert len(out) > 150


def test_the_help_names_each_command_once_and_cuts_nothing_off(capsys: Capture) -> None:
    """A line of its own for each, with the whole first line of its own help."""
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out.partition("An assignment:")[2]
    for name, command in cli.commands.items():
        first = " ".join((command.help or "").partition("\n")[0].split())
        assert len(re.findall(rf"^  {name} ", listed, re.MULTILINE)) == 1, name
        assert f"  {name:<9}  {first}\n" in listed, name


def test_the_help_answers_at_once() -> None:
    """Neither Docker nor Otter nor NumPy is loaded to print it."""
    script = (
        "import sys; from gradekit.cli import main; main(['--help']);"
        "print(sorted({'docker', 'otter', 'numpy', 'nbformat', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_ctrl_c_leaves_a_gradebook_and_says_how_to_go_on(
    sandbox: FakeSandbox, capsys: Capture
) -> None:
    """What is done is kept; the rest waits for the same command."""
    hand_in(bob="ctrl-c", chen="right")
    assert grade(sandbox, "--jobs", "1") == 130
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines()] == ["alice", "bo", "bob"]
    assert "stopping after what runs now; Ctrl-C again stops at once" in err
    assert "1 not graded, through no fault of the students; to go on:" in err
    assert [row[1] for row in rows()[1:]] == [*["graded"] * 3, "ungraded"]


def test_a_terminal_with_few_letters_gets_the_others_spelled_out(sandbox: FakeSandbox) -> None:
    """No name and no dash of ours ends the program."""
    hand_in(**{"zoë": "{", "x" * 60: "right"})
    script = (
        "import sys; sys.path[:0] = sys.argv[1:]; import fakes, test_cli;"
        "sys.exit(test_cli.grade(fakes.FakeSandbox()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, Path(__file__).parents[:2])],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "zo\\xeb " in done.stdout
    assert "xxx\\u2026 " in done.stdout


def test_the_help_says_which_ungraded_submissions_are_a_failure(capsys: Capture) -> None:
    """A student's unreadable file leaves the exit code at 0, and both helps say so."""
    assert main(["--help"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "A student's file that cannot be read is no failure" in words
    assert main(["grade", "--help"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "5 only if some are ungraded through no fault of the students" in words


def test_a_damaged_report_is_mentioned_by_all_who_read_it(
    sandbox: FakeSandbox, capsys: Capture
) -> None:
    """Whoever it was about does not drop out unseen; the sentence says what is kept."""
    assert grade(sandbox) == 0
    Path("results/bo.json").write_text("[]")
    for command in (["report"], ["items"], ["export", "csv"]):
        capsys.readouterr()
        assert main(command) == 0
        assert "bo.json: the report is damaged. Run `gradekit grade` again: the journal keeps" in (
            capsys.readouterr().err
        )
    assert grade(sandbox) == 0
    assert json.loads(Path("results/bo.json").read_text())["submission"] == "bo"


@pytest.mark.parametrize("command", ["report", "items"])
def test_a_folder_without_results_is_told_without_an_option_that_is_none(
    command: str, capsys: Capture
) -> None:
    """These commands take the folder as an argument."""
    assert main([command, "nosuch"]) == 2
    said = capsys.readouterr().err
    assert "Give the folder that `gradekit grade` wrote." in said
    assert "--results" not in said


def test_export_and_import_at_once_are_refused(sandbox: FakeSandbox, capsys: Capture) -> None:
    """Both name a table, and nothing says which comes first."""
    assert main(["written", "class", "--export", "m.csv", "--import", "m.csv"]) == 2
    assert "--export and --import exclude each other" in capsys.readouterr().err


def test_a_regrade_that_changes_nothing_needs_nobody_to_ask(
    sandbox: FakeSandbox, capsys: Capture
) -> None:
    """Without a terminal it ends with 0, as there is nothing to publish."""
    assert grade(sandbox) == 0
    assert main(["regrade", "class"], choose=sandbox.choose) == 0
    assert "There is nothing to publish." in capsys.readouterr().err


def test_a_reason_that_several_share_is_printed_once_and_whole() -> None:
    """However long it is, each line fits the terminal."""
    why = "the limits for students have changed, " * 4 + "and that is the cause"
    handins = [
        HandIn(id=name, file=name, root=Path(), parts=(name,)) for name in ("alice", "bo", "chen")
    ]
    changes = [Change(handin=handin, before=None, why=why) for handin in handins[:2]]
    changes.append(Change(handin=handins[2], before=None, why="one_tap asks something new"))
    lines = list(change_lines(changes, 1.0))
    text = " ".join(" ".join(lines).split())
    assert f"2 because: {why} alice, bo chen one_tap asks something new" in text
    assert all(len(line) <= 80 for part in lines for line in part.splitlines())
