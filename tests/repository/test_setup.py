"""A fresh clone sets itself up: pins that fit together, verbs that explain themselves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

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


def test_every_pin_is_exact_and_means_the_same_elsewhere() -> None:
    """One version, no local suffix, no address of a file or a host."""
    loose = [
        str(pin)
        for pin in PINS.values()
        if pin.url is not None or not re.fullmatch(r"==[0-9][0-9a-z.]*", str(pin.specifier))
    ]
    assert loose == []


def test_what_is_installed_is_what_is_pinned() -> None:
    """The tests run in the environment that the pins describe, on any Python 3.11."""
    wrong = []
    for name, pin in PINS.items():
        installed = metadata.distribution(name)
        version = installed.version.partition("+")[0]
        if version != str(pin.specifier).removeprefix("=="):
            wrong.append(f"{name} {version} is installed, {pin} is pinned")
        accepted = SpecifierSet(installed.metadata.get("Requires-Python") or "")
        if not accepted.contains(OLDEST_PYTHON):
            wrong.append(f"{name} needs Python {accepted}")
    assert wrong == []


def test_what_gradekit_imports_is_pinned() -> None:
    """Every dependency of the program stands in requirements.txt, and all that it needs."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    needs = [Requirement(line) for line in project["dependencies"]]
    checked = set()
    while needs:
        need = needs.pop()
        if str(need) not in checked:
            checked.add(str(need))
            assert canonicalize_name(need.name) in PINS, f"{need} has no pin"
            needs += _needs_of(need)


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


def test_no_package_host_and_no_path_of_a_machine_is_named() -> None:
    """Where packages come from is the machine's own affair."""
    address = r"https?://(?!engine/)|file:|index-url|/root/|/work/|/opt/(?!gradekit)"
    naming = [name for name in SET_UP if re.search(address, (REPOSITORY / name).read_text())]
    assert naming == []


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
    assert {"dist", "grade", "test", "test-all", "doctor", "build-image", "lint", "clean"} <= listed
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


def test_the_scripts_of_ci_parse_and_may_be_run() -> None:
    """A slip in a script that only CI runs is found here."""
    for script in (REPOSITORY / ".ci").iterdir():
        assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0, script
        assert os.access(script, os.X_OK), script


def test_what_is_made_anew_is_never_committed() -> None:
    """Environments, results, data sets and zips stay out of the repository."""
    paths = [
        ".venv/x",
        "results/gradebook.csv",
        "dist/student.zip",
        "assignment/data/MNIST/raw/x",
        "a.zip",
    ]
    command = ["git", "check-ignore", "--no-index", *paths]
    ignored = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ignored.stdout.split() == paths
