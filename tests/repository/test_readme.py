"""What the README shows is what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from gradekit.author.promises import Proof
from gradekit.cli.group import cli
from gradekit.core.bundle import Bundle

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MARKS = tomllib.loads((ROOT / "tests" / "submissions" / "marks.toml").read_text(encoding="utf-8"))
SHOWN = re.compile(r"^(\S.*?) +([\d.]+) / 60(?:  .*)?$", re.MULTILINE)


def test_the_summary_of_a_build_is_the_one_that_is_shown() -> None:
    """Questions, checks, points and files are those of the committed folders."""
    bundle = Bundle.load(ROOT / "autograder")
    proof = Proof(bundle=bundle, solution=bundle.out_of, blank=0, hidden_places=0)
    assert proof.summary() in README


@pytest.mark.parametrize(("name", "points"), SHOWN.findall(README))
def test_the_points_shown_are_those_of_the_sample_class(name: str, points: str) -> None:
    """The names may be cut short, as the program cuts them."""
    [found] = [entry for entry in MARKS if entry.startswith(name.rstrip("…"))]
    assert MARKS[found]["points"] == float(points)


@pytest.mark.parametrize(
    "verb", sorted(set(re.findall(r"(?:`|^\$ )make ([a-z-]+)", README, re.MULTILINE)))
)
def test_every_verb_named_is_a_make_target(verb: str) -> None:
    """A reader can type what is shown."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{verb}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"gradekit ([a-z]+)\b", README))))
def test_every_command_named_exists(command: str) -> None:
    """So do its options, where a line shows some."""
    known = cli.commands[command]
    options = {name for parameter in known.params for name in parameter.opts}
    for line in re.findall(rf"gradekit {command}([^`\n]*)", README):
        assert set(re.findall(r"--[a-z-]+", line)) - {"--help"} <= options
