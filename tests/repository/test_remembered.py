"""What is remembered of long tests never hides that something has changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import remembered

pytest_plugins = ["pytester"]

CONFTEST = """
import os
from pathlib import Path
from remembered import Remembered

def pytest_addoption(parser):
    parser.addoption("--everything", action="store_true")

def pytest_configure(config):
    config.addinivalue_line("markers", "remembered(claim)")
    config.addinivalue_line("markers", "docker")
    config.pluginmanager.register(
        Remembered(
            config,
            path=Path("remembered.json"),
            digest=lambda claim, sandbox: Path("input").read_text(),
            in_ci=Path("in-ci").exists(),
        )
    )
"""
TESTS = """
from pathlib import Path
import pytest

pytestmark = [pytest.mark.docker, pytest.mark.remembered("attacks")]

def test_one(record_property):
    Path("ran").touch()
    record_property("showed", "2 attacks, nothing forged")
    assert not Path("broken").exists()

def test_two():
    pass
"""


class Project:
    """A project with one claim of two tests, whose verdict depends on one file."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        pytester.makeconftest(CONFTEST)
        pytester.makepyfile(test_attacks=TESTS)
        self.write("input", "as it is")

    def write(self, name: str, text: str = "") -> None:
        (self.pytester.path / name).write_text(text, "utf-8")

    def run(self, *options: str) -> bool:
        """Run pytest; return whether the tests ran."""
        trace = self.pytester.path / "ran"
        trace.unlink(missing_ok=True)
        self.result = self.pytester.runpytest("-ra", *options)
        return trace.exists()

    @property
    def text(self) -> str:
        return self.result.stdout.str()

    @property
    def entries(self) -> dict[str, dict[str, str]]:
        path = self.pytester.path / "remembered.json"
        entries: dict[str, dict[str, str]] = json.loads(path.read_text()) if path.exists() else {}
        return entries


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(remembered, "machine_in_words", lambda sandbox: "a machine")
    return Project(pytester)


def test_what_has_passed_is_skipped_with_what_it_showed(project: Project) -> None:
    """Once, and the line that says so has the name, what was seen, and the machine."""
    assert project.run()
    assert "attacks in docker: ran and passed: 2 attacks, nothing forged; commit" in project.text
    assert not project.run()
    project.result.assert_outcomes(skipped=2)
    assert "[2] " in project.text
    assert "remembered: attacks in docker: 2 attacks, nothing forged (2" in project.text
    assert "a machine)" in project.text


def test_what_has_changed_runs_again(project: Project) -> None:
    """And its line is written anew, to be committed with the change."""
    project.run()
    project.write("input", "changed")
    assert project.run()
    assert project.entries["attacks in docker"]["digest"] == "changed"


def test_a_failure_is_forgotten_and_never_remembered(project: Project) -> None:
    """Neither an older entry nor a second run can make it pass."""
    project.run()
    project.write("input", "changed")
    project.write("broken")
    for _ in range(2):
        assert project.run()
        project.result.assert_outcomes(passed=1, failed=1)
        assert project.entries == {}


def test_everything_runs_where_everything_is_asked_for(project: Project) -> None:
    """A test that fails there although it is remembered loses its entry."""
    project.run()
    assert project.run("--everything")
    assert "ran and passed, as remembered" in project.text
    project.write("broken")
    assert project.run("--everything")
    assert project.entries == {}


@pytest.mark.parametrize("options", [("-k", "one"), ("test_attacks.py::test_one",), ("--lf",)])
def test_a_part_of_the_tests_is_not_the_claim(project: Project, options: tuple[str, ...]) -> None:
    """Chosen by its name, by its place or by an earlier failure."""
    project.run(*options)
    assert project.entries == {}


def test_ci_runs_what_is_stale_and_writes_nothing(project: Project) -> None:
    """It passes or fails on its merit, and CI says what should have been committed."""
    project.write("in-ci")
    assert project.run()
    assert project.entries == {}
    assert "commit tests/remembered.json" in project.text


def test_a_file_that_cannot_be_read_remembers_nothing(project: Project) -> None:
    """After a merge that left its marks, for example."""
    project.run()
    project.write("remembered.json", "<<<<<<< HEAD\n")
    assert project.run()
    assert "attacks in docker" in project.entries


def test_all_that_a_verdict_is_said_to_depend_on_exists() -> None:
    """A file that was moved would no longer count, and nobody would notice."""
    names = {name for claim in remembered.CLAIMS.values() for name in claim.inputs}
    missing = [n for n in (*remembered.FOR_ALL, *names) if not (remembered.ROOT / n).exists()]
    assert missing == []


def test_a_digest_depends_on_each_file_and_on_its_name(tmp_path: Path) -> None:
    """And on nothing that Python leaves behind."""

    def digest() -> str:
        total = remembered.hashlib.sha256()
        remembered.add_tree(total, tmp_path)
        return total.hexdigest()

    digests = [digest()]
    for change in (
        lambda: (tmp_path / "a").write_text("1"),
        lambda: (tmp_path / "a").write_text("2"),
        lambda: (tmp_path / "a").rename(tmp_path / "b"),
    ):
        change()
        digests.append(digest())
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "b.pyc").write_text("")
    assert len(set(digests)) == 4
    assert digest() == digests[-1]
