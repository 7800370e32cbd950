"""What the pages in docs/ show is what the program does.

A console block below `<!-- run -->` is run, in a folder far from here, one page's blocks
after the other's; what it shows is what standard output gets, "..." standing for any
lines. `<!-- run: NAME -->` runs a step of `BETWEEN` first. Of the other blocks the
commands and options must exist.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from gradekit.cli.group import cli

ROOT = Path(__file__).parents[2]
PAGES = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
MINE = ("write-your-own-exercise.md", "grading-day.md", "security.md")
IN_ORDER = MINE[:2]  # the second goes on where the first ends
MASTER = ROOT / "gradekit/author/new/assignment/starter.ipynb"
HERE = {"DOCKER_HOST": "unix:///nonexistent", "NO_COLOR": "1", "COLUMNS": "80"}
BLOCK = re.compile(
    r"(?:<!-- run(?:: (?P<step>[^>]+?))? -->\n)?```console\n(?P<text>.*?)```", re.DOTALL
)


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
    found = []
    for block in BLOCK.finditer(PAGES[page]):
        runs, step = block[0].startswith("<!--"), block["step"] or ""
        for part in re.split(r"(?m)^\$ ", block["text"])[1:]:
            line, *shown = part.rstrip("\n").split("\n")
            found.append(Command(page, line, tuple(shown), runs, step))
            step = ""
    return found


def mark_in_the_table(folder: Path) -> None:
    """Do what a person does between export and import."""
    path = folder / "marks.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    for line, points in zip(lines, ("2", "1", "0"), strict=True):
        line["points"] = {"alice": "2", "bo": "1", "chen": "0"}[line["submission"]] or points
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


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
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder, env={**os.environ, **HERE}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (command, done.stderr)
    if command.shown:
        wanted = "\n".join(command.shown)
        pattern = re.escape(wanted).replace(r"\.\.\.", "(?s:.*?)")
        assert re.fullmatch(pattern, done.stdout.rstrip("\n")), (command.line, done.stdout)
    return folder


@pytest.mark.bubblewrap
def test_the_commands_shown_do_what_is_shown(tmp_path: Path) -> None:
    """From nothing to the table for the platform, as a reader would type it."""
    folder = tmp_path
    ran = [command for page in IN_ORDER for command in commands(page) if command.runs]
    for command in ran:
        folder = run(command, folder)
    verbs = {command.line.split()[1] for command in ran}
    assert {"new", "build", "grade", "written", "export"} <= verbs


@pytest.mark.parametrize(
    ("page", "line"),
    [(page, found.line) for page in PAGES for found in commands(page) if "gradekit" in found.line],
)
def test_every_command_shown_exists(page: str, line: str) -> None:
    """So do its options."""
    words = shlex.split(line.replace("\\\n", " "))
    name = words[words.index("gradekit") + 1]
    options = {o for parameter in cli.commands[name].params for o in parameter.opts} | {"--help"}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize(
    "name", sorted({n for p in PAGES for n in re.findall(r"`gradekit ([a-z]+)", PAGES[p])})
)
def test_every_command_named_in_the_text_exists(name: str) -> None:
    """A reader can ask it for help."""
    assert name in cli.commands


@pytest.mark.parametrize(
    ("page", "target"),
    [
        (page, target)
        for page, text in PAGES.items()
        for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", text)
    ],
)
def test_every_link_leads_somewhere(page: str, target: str) -> None:
    """Pictures included; the pages of the same issue may still be missing."""
    assert (ROOT / "docs" / target).exists()


def test_the_code_shown_stands_in_the_new_assignment() -> None:
    """A cell in the page is a cell in the file that the reader has opened."""
    cells = ["".join(cell["source"]) for cell in json.loads(MASTER.read_text("utf-8"))["cells"]]
    shown = re.findall(r"```(?:python|text)\n(.*?)\n```", PAGES[MINE[0]], re.DOTALL)
    assert len(shown) >= 4
    for code in shown:
        wanted = code.replace("name: demo", "name: starter")
        assert any(wanted in cell for cell in cells), code


@pytest.mark.parametrize("page", MINE)
def test_a_page_is_one_or_two_screens(page: str) -> None:
    """Longer, nobody reads it."""
    assert len(PAGES[page].splitlines()) <= 170


PICTURES = [*sorted((ROOT / "docs" / "img").glob("*.png")), ROOT / "assignment" / "calibration.png"]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_small(picture: Path) -> None:
    """The repository keeps every version of it for ever."""
    assert picture.stat().st_size < 300_000
