"""What the pages show is what the program does: README, CONTRIBUTING and docs/.

A console block below `<!-- run -->` is run, in a folder far from here, one page's blocks
after the other's. What the block shows is compared with standard output, where "..."
stands for any lines. `<!-- run: NAME -->` runs a step of `BETWEEN` first. Of the other
blocks, commands and options must exist. A test that reads all pages lists everything
that is wrong at once: whoever renames a command repairs the pages in one go.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from test_architecture import MAY_IMPORT

from gradekit.cli import cli

ROOT = Path(__file__).parents[2]
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in (
        ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md",
        ROOT / "assignment/answers/README.md", *sorted((ROOT / "docs").glob("*.md")),
    )
}  # fmt: skip
OWN_EXERCISE = "docs/write-your-own-exercise.md"
IN_ORDER = (OWN_EXERCISE, "docs/grading-day.md")  # the second goes on where the first ends
MASTER = ROOT / "gradekit/author/new/assignment/starter.ipynb"
ATTACKS = ROOT / "gradekit/quality/redteam/attacks"
HERE = {"DOCKER_HOST": "unix:///nonexistent", "NO_COLOR": "1", "COLUMNS": "80"}
BLOCK = re.compile(
    r"(?:<!-- run(?:: (?P<step>[^>]+?))? -->\n)?```console\n(?P<text>.*?)```", re.DOTALL
)
# What a path in a page may begin with, to be one that must exist. The other folders that
# pages name (results/, submissions/, answers/) are the reader's own.
FOLDERS = ("assignment", "docs", "gradekit", "solutions", "student", "tests", "tools", r"\.ci")
PATH = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[^`\s<>{{}}*]*)`")
NOT_HERE = ("assignment/data/", "assignment/demo.ipynb")  # not committed; in the reader's demo


@dataclass(frozen=True)
class Command:
    """A line after a $, and the lines that are shown below it."""

    page: str
    line: str
    shown: tuple[str, ...]
    runs: bool
    step: str = ""


def commands(page: str) -> list[Command]:
    """Return every command of a page, in order."""
    shown_commands = []
    for block in BLOCK.finditer(PAGES[page]):
        runs, step = block[0].startswith("<!--"), block["step"] or ""
        for part in re.split(r"(?m)^\$ ", block["text"])[1:]:
            line, *output = part.rstrip("\n").split("\n")
            shown_commands.append(Command(page, line, tuple(output), runs, step))
            step = ""
    return shown_commands


def mark_in_the_table(folder: Path) -> None:
    """Do what a person does between export and import."""
    path = folder / "marks.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, points in zip(rows, ("2", "1", "0"), strict=True):
        row["points"] = {"alice": "2", "bo": "1", "chen": "0"}[row["submission"]] or points
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


BETWEEN: dict[str, Callable[[Path], None]] = {"points are filled in": mark_in_the_table}


def run(command: Command, folder: Path) -> Path:
    """Run a command and compare what it prints; return the folder to go on in."""
    words = shlex.split(command.line)
    if words[0] == "cd":
        assert (folder / words[1]).is_dir()
        return folder / words[1]
    assert words[0] == "gradekit", command.line
    if command.step:
        BETWEEN[command.step](folder)
    process = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder, env={**os.environ, **HERE}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert process.returncode == 0, (command, process.stderr)
    if command.shown:
        pattern = re.escape("\n".join(command.shown)).replace(r"\.\.\.", "(?s:.*?)")
        printed = process.stdout.rstrip("\n")
        assert re.fullmatch(pattern, printed), (command.line, process.stdout)
    return folder


@pytest.mark.bubblewrap
def test_the_commands_shown_do_what_is_shown(tmp_path: Path) -> None:
    """From nothing to the table for the platform, as a reader would type it."""
    folder = tmp_path
    to_run = [command for page in IN_ORDER for command in commands(page) if command.runs]
    for command in to_run:
        folder = run(command, folder)
    verbs = {command.line.split()[1] for command in to_run}
    assert {"new", "build", "grade", "written", "export"} <= verbs


def test_the_first_commands_of_the_readme_are_those_that_are_run() -> None:
    """The test above types them, so the README may show them without running them again."""
    run_there = {command.line: command.shown for command in commands(OWN_EXERCISE)}
    first = [command for command in commands("README.md") if "gradekit" in command.line]
    assert len(first) >= 3
    for command in first:
        for line in command.line.split(" && "):
            assert line in run_there, line
        if command.shown:
            assert command.shown == run_there[command.line]


def misspelled(line: str) -> Iterator[str]:
    """Yield what a line asks of gradekit that it does not have: a command, an option."""
    words = shlex.split(line.replace("\\\n", " "), comments=True)
    name = words[words.index("gradekit") + 1]
    if name not in cli.commands:
        yield f"gradekit {name}"
        return
    options = {o for parameter in cli.commands[name].params for o in parameter.opts} | {"--help"}
    asked = {word.partition("=")[0] for word in words if word.startswith("--")}
    yield from (f"gradekit {name} {option}" for option in sorted(asked - options))


def test_every_command_shown_or_named_exists() -> None:
    """So do its options: a reader can type what a page says."""
    wrong = []
    for page, text in PAGES.items():
        lines = [command.line for command in commands(page)]
        lines += re.findall(r"`(?:[^`\n]*/)?(gradekit [a-z][^`\n]*)`", text)
        for line in lines:
            for part in re.split(r" && | \| ", line):
                if re.match(r"(?:\S*/)?gradekit [a-z]", part):
                    wrong += [f"{page}: {mistake}" for mistake in misspelled(part)]
    assert wrong == []


def test_every_make_target_named_exists() -> None:
    """`make` is the other half of the command line."""
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))
    named = {
        (page, verb)
        for page, text in PAGES.items()
        for verb in re.findall(r"(?m)(?:`|^\$ )make ([a-z-]+)", text)
    }
    assert {verb for _, verb in named} >= {"grade", "test", "dist"}
    assert [(page, verb) for page, verb in sorted(named) if verb not in targets] == []


def test_every_link_and_path_leads_somewhere() -> None:
    """Pictures included. A file that moves takes its mentions along."""
    missing = []
    for page, text in PAGES.items():
        folder = (ROOT / page).parent
        links = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", text)
        missing += [f"{page}: {link}" for link in links if not (folder / link).exists()]
        for path in PATH.findall(text):
            if not path.startswith(NOT_HERE) and not (ROOT / path).exists():
                missing.append(f"{page}: {path}")
    assert missing == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    """A page that nothing links to is read by nobody."""
    linked = {name for text in PAGES.values() for name in re.findall(r"([a-z-]+\.md)\)", text)}
    assert {path.name for path in (ROOT / "docs").glob("*.md")} <= linked


def test_the_number_of_attacks_is_the_same_on_every_page() -> None:
    """It is the number of files, whoever adds one."""
    numbers = {
        page: int(number.replace(",", ""))
        for page, text in PAGES.items()
        for number in re.findall(r"([\d,]+)\s+attacks", text)
    }
    assert len(numbers) >= 4
    assert set(numbers.values()) == {len(list(ATTACKS.glob("*/*.py")))}, numbers


def test_the_architecture_page_has_the_packages_in_the_order_of_their_imports() -> None:
    """Each row may import the rows below it, as the page says."""
    order = re.findall(r"(?m)^\| `([a-z]+)(?:\.py)?` \|", PAGES["docs/architecture.md"])
    assert sorted(order) == sorted(MAY_IMPORT)
    for position, package in enumerate(order):
        assert MAY_IMPORT[package] <= set(order[position + 1 :]), package


def test_the_code_shown_stands_in_the_new_assignment() -> None:
    """A cell in the page is a cell in the file that the reader has opened."""
    cells = ["".join(cell["source"]) for cell in json.loads(MASTER.read_text("utf-8"))["cells"]]
    examples = re.findall(r"```(?:python|text)\n(.*?)\n```", PAGES[OWN_EXERCISE], re.DOTALL)
    assert len(examples) >= 4
    for code in examples:
        assert any(code.replace("name: demo", "name: starter") in cell for cell in cells), code
