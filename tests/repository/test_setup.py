"""A fresh clone sets itself up: pins that fit together, verbs that explain themselves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[2]
OLDEST_PYTHON = "3.11.2"  # Debian 12's
SET_UP = ["Makefile", "pyproject.toml", "requirements.txt", ".ci/run", ".ci/base-image"]


def requirements(path: str) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in (REPOSITORY / path).read_text().split("\n"))
    return [Requirement(line) for line in lines if line]


PINS = {canonicalize_name(pin.name): pin for pin in requirements("requirements.txt")}


@pytest.mark.parametrize("name", sorted(PINS))
def test_a_pin_is_exact_and_means_the_same_elsewhere(name: str) -> None:
    """One version, no local suffix, no address of a file or a host."""
    assert re.fullmatch(r"==[0-9][0-9a-z.]*", str(PINS[name].specifier))
    assert PINS[name].url is None


@pytest.mark.parametrize("name", sorted(PINS))
def test_what_is_installed_is_what_is_pinned(name: str) -> None:
    """The tests run in the environment that the pins describe, on any Python 3.11."""
    installed = metadata.distribution(name)
    assert installed.version.partition("+")[0] == str(PINS[name].specifier).removeprefix("==")
    accepted = SpecifierSet(installed.metadata.get("Requires-Python") or "")
    assert accepted.contains(OLDEST_PYTHON), f"{name} needs Python {accepted}"


def test_what_gradekit_imports_is_pinned() -> None:
    """Every dependency of the program stands in requirements.txt, and all that it needs."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    todo = [Requirement(line) for line in project["dependencies"]]
    seen = set()
    while todo:
        need = todo.pop()
        if str(need) not in seen:
            seen.add(str(need))
            assert canonicalize_name(need.name) in PINS, f"{need} has no pin"
            todo += _needs_of(need)


def _needs_of(need: Requirement) -> list[Requirement]:
    """Return what a package asks for on this machine, with the extras it was asked with."""
    lines = map(Requirement, metadata.requires(need.name) or [])
    return [
        line
        for line in lines
        if line.marker is None
        or any(line.marker.evaluate({"extra": extra}) for extra in {"", *need.extras})
    ]


def test_students_and_grader_have_the_same_versions() -> None:
    """Code that works at home works in the grader."""
    asked = requirements("assignment/requirements.txt")
    differing = [
        str(need)
        for need in asked
        if canonicalize_name(need.name) not in PINS
        or PINS[canonicalize_name(need.name)].specifier != need.specifier
    ]
    assert differing == []


@pytest.mark.parametrize("name", SET_UP)
def test_no_package_host_and_no_path_of_a_machine_is_named(name: str) -> None:
    """Where packages come from is the machine's own affair."""
    text = (REPOSITORY / name).read_text()
    assert not re.search(
        r"https?://(?!engine/)|file:|index-url|/root/|/work/|/opt/(?!gradekit)", text
    )


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run make in the repository."""
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_make_lists_every_verb_with_one_line() -> None:
    """Typing `make` tells what there is to type."""
    listed = {line.split()[1] for line in make().stdout.splitlines()}
    assert {"dist", "grade", "test", "doctor", "build-image", "lint", "clean"} <= listed
    assert all(len(line.split()) > 3 for line in make().stdout.splitlines())


def test_an_old_python_is_a_sentence(tmp_path: Path) -> None:
    """The message names the version that is needed and how to give another Python."""
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")  # whatever it is asked, also whether it is new enough
    old.chmod(0o755)
    clone = tmp_path / "clone"
    clone.mkdir()
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, clone / name)
    done = make("-C", str(clone), "setup", f"PYTHON={old}")
    assert done.returncode != 0
    assert "needs Python 3.11 or later" in done.stderr
    assert "PYTHON=" in done.stderr
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("script", [".ci/run", ".ci/base-image"])
def test_a_script_parses_and_may_be_run(script: str) -> None:
    """A slip in a script that only CI runs is found here."""
    path = REPOSITORY / script
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0
    assert os.access(path, os.X_OK)


@pytest.mark.parametrize(
    "path",
    [
        ".venv/x",
        "results/gradebook.csv",
        "dist/student.zip",
        "assignment/data/MNIST/raw/x",
        "a.zip",
    ],
)
def test_what_is_made_anew_is_never_committed(path: str) -> None:
    """Environments, results, data sets and zips stay out of the repository."""
    command = ["git", "check-ignore", "--quiet", "--no-index", path]
    assert subprocess.run(command, cwd=REPOSITORY, check=False).returncode == 0
