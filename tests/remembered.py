"""What the longest tests showed, under a digest of all that their verdict depends on.

Four claims take most of the time of all tests: the attacks, the sample class, the boundary
and the broken submissions, each with real notebooks in real sandboxes. With the same inputs
they come to the same verdict, so `tests/remembered.json`, which is committed, has a line for
each: its digest, the day, and what was seen. A claim whose digest is there is skipped, with
that line as the reason. A claim whose digest differs runs by itself, and passes or fails on
its merit; an entry never helps a test to pass.

On a machine of a person, a claim that passes writes its line, to be committed with the
change, and one that fails loses it. With CI=true nothing is written: the summary names the
lines that should have been committed. `pytest --everything` (`make test-all`) skips nothing.

What decides a verdict, and so is in the digest (`Claim.inputs` has the rest):

* the part of gradekit that marks depend on (`core/program`), and `gradekit/sandbox`;
* the tests' own code, and the notebooks, bundles and attacks that they run on. The package
  `author` is not in it, but what it makes is: the three built folders of `averages`;
* requirements.txt, which pins the packages on both sides of the boundary, the minor version
  of Python, the version of bubblewrap, and for Docker the name of the base image with the
  recipe of its stand-in. The identity of an image is of no use: each machine makes another
  one from the same Debian release;
* whether root runs the tests: others get a user namespace, another kind of wall.

What decides a verdict too and is not in it, because no two machines agree on it: the Linux
kernel, the engine's version, the patch version of Python, control groups, the number of
cores and the load. An entry says on which machine it was seen; `make test-all` shows it on
another one, and belongs before each release.

How the file is filled: run `make test` (or `make test-all`, for longer lists of attacks and
submissions) without CI=true, and commit what has changed in `tests/remembered.json`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gradekit.core import program
from gradekit.sandbox import docker_engine, image
from masters.built import averages

ROOT = Path(__file__).resolve().parents[1]
FILE = Path(__file__).with_name("remembered.json")
IN_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")
SANDBOXES = ("bubblewrap", "docker")
FOR_ALL = ("gradekit/sandbox", "requirements.txt")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a group of tests shows, all of which pass or the claim is not remembered."""

    inputs: tuple[str, ...]
    """Files and folders that its verdict depends on, besides those that all depend on."""

    averages: bool
    """Whether it grades the exercise on averages, as the `author` package builds it today."""


CLAIMS = {
    "attacks": Claim(
        inputs=(
            "gradekit/quality/redteam",
            "tests/quality/test_all_attacks.py",
            "tests/masters/edit.py",
            "autograder/requirements.txt",
        ),
        averages=True,
    ),
    "class": Claim(
        # How a class is walked through and written down is part of what is claimed.
        inputs=(
            "gradekit/grading",
            "tests/exercise/test_sample_class.py",
            "tests/sample_class.py",
            "tests/submissions",
            "autograder",
        ),
        averages=False,
    ),
    "boundary": Claim(
        inputs=("tests/worker/test_boundary.py", "autograder/requirements.txt"), averages=True
    ),
    "faults": Claim(
        # The command that people type is run, and its words are looked at.
        inputs=(
            "gradekit/cli/grade.py",
            "gradekit/grading",
            "tests/submission/test_faults.py",
            "tests/submission/faults",
        ),
        averages=True,
    ),
}


def digest(claim: str, sandbox: str) -> str:
    """Return the digest of all that decides whether a claim holds in a sandbox."""
    total = hashlib.sha256(program.digest().encode())
    for name in (*FOR_ALL, *CLAIMS[claim].inputs):
        add_tree(total, ROOT / name)
    if CLAIMS[claim].averages:
        for folder in (averages().student, averages().solutions, averages().autograder):
            add_tree(total, folder)
    for fact in _machine(sandbox):
        total.update(f"\0{fact}".encode())
    return total.hexdigest()[:32]


def add_tree(total: hashlib._Hash, path: Path) -> None:
    """Add the names and contents of all files below a folder, or of one file."""
    for file in [path] if path.is_file() else sorted(path.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            name = file.relative_to(path.parent).as_posix()
            total.update(f"\0{name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}".encode())


def _machine(sandbox: str) -> Iterator[str]:
    """Yield what is the same on machines on which the verdict is the same."""
    yield f"Python {sys.version_info.major}.{sys.version_info.minor} {platform.machine()}"
    yield "root" if os.geteuid() == 0 else "user"
    if sandbox == "bubblewrap":
        yield _bubblewrap()
    else:
        yield _base_image()


@cache
def _bubblewrap() -> str:
    program = shutil.which("bwrap")
    if program is None:
        return "no bubblewrap"
    run = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return run.stdout.strip()


@cache
def _base_image() -> str:
    """Return the name of the image that ours are built on, with its stand-in's recipe."""
    name = image.base_image()
    recipe = hashlib.sha256((ROOT / ".ci" / "base-image").read_bytes()).hexdigest()
    plan = image.planned(client, name) if (client := docker_engine.engine()) else None
    return f"{image.STAND_IN} {recipe}" if plan and image.STAND_IN in plan else name


def machine_in_words(sandbox: str) -> str:
    """Return what a reader wants to know of the machine on which a claim was seen to hold."""
    words = [
        f"Python {platform.python_version()}",
        f"Linux {platform.release().split('-')[0]}",
        f"{os.cpu_count()} cores",
    ]
    if sandbox == "bubblewrap":
        return ", ".join([_bubblewrap(), *words])
    client = docker_engine.engine()
    version = client.version()["Version"] if client else "?"
    return ", ".join([f"Docker {version}", *words])


def read_entries(path: Path = FILE) -> dict[str, dict[str, str]]:
    """Return the entries by name; a file that cannot be read remembers nothing."""
    try:
        entries: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
        return {name: dict(entry) for name, entry in entries.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}  # after a merge that left its marks, for example


def write_entries(entries: dict[str, dict[str, str]], path: Path = FILE) -> None:
    """Write the entries, each on a line of its own, so that a change reads well."""
    lines = [f"{json.dumps(name)}: {json.dumps(entries[name])}" for name in sorted(entries)]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


@dataclass
class Outcome:
    """How the tests of one claim ended in one sandbox."""

    all: set[str] = field(default_factory=set)  # every test that was collected, chosen or not
    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    showed: str = ""


class Remembered:
    """The part of pytest that skips what is remembered, and writes down what has passed."""

    def __init__(
        self,
        config: pytest.Config,
        *,
        path: Path = FILE,
        digest: Callable[[str, str], str] = digest,
        in_ci: bool = IN_CI,
    ) -> None:
        self._config, self._path, self._digest_of, self._in_ci = config, path, digest, in_ci
        self._everything = bool(config.getoption("everything"))
        self._entries = read_entries(path)
        self._outcomes: defaultdict[tuple[str, str], Outcome] = defaultdict(Outcome)
        self._digests: dict[tuple[str, str], str] = {}
        self._lines: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Count each claim's tests, before -k and -m take some away."""
        for item in items:
            if (key := key_of(item)) is not None:
                self._outcomes[key].all.add(item.nodeid)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip a test whose claim is remembered, before anything is made ready for it."""
        key = key_of(item)
        if key is None:
            return
        digest = self._digest(key)  # taken before the test runs: files may change meanwhile
        entry = self._entries.get(name_of(*key), {})
        if entry.get("digest") == digest and not self._everything:
            pytest.skip(
                f"remembered: {name_of(*key)}: {entry.get('showed')} ({entry.get('date')}, "
                f"{entry.get('machine')})"
            )

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Iterator[None]:
        """Note how a test of a claim ended, its setup and teardown included."""
        result: Any = yield
        report = result.get_result()
        key = key_of(item)
        if key is None:
            return
        outcome = self._outcomes[key]
        if report.failed:
            outcome.failed.add(item.nodeid)
        elif report.passed and report.when == "call":
            outcome.passed.add(item.nodeid)
        outcome.showed = dict(report.user_properties).get("showed", outcome.showed)

    def pytest_sessionfinish(self) -> None:
        """Write down what has passed as a whole, and forget what has failed."""
        entries = read_entries(self._path)
        before = {name: dict(entry) for name, entry in entries.items()}
        for key, outcome in sorted(self._outcomes.items()):
            if outcome.failed:
                entries.pop(name_of(*key), None)
            elif self._is_whole(outcome):
                self._note(entries, key, outcome)
        if entries != before and not self._in_ci:
            write_entries(entries, self._path)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say for each claim that ran why it did, and what is to be committed."""
        for key, outcome in sorted(self._outcomes.items()):
            if outcome.failed:
                self._lines.append(f"{name_of(*key)}: {len(outcome.failed)} tests failed")
        if self._lines:
            terminalreporter.section("what was not remembered", sep="-")
            for line in self._lines:
                terminalreporter.line(line)

    def _is_whole(self, outcome: Outcome) -> bool:
        """Whether all tests of a claim have passed, those that were not chosen included."""
        parts = any("::" in str(argument) for argument in self._config.args)
        repeated = self._config.getoption("lf", False)  # collects what failed before, no more
        return outcome.passed == outcome.all and bool(outcome.all) and not (parts or repeated)

    def _note(
        self, entries: dict[str, dict[str, str]], key: tuple[str, str], outcome: Outcome
    ) -> None:
        """Put what was seen into the entries, and a line about it into the summary."""
        name = name_of(*key)
        count = len(outcome.passed)
        showed = outcome.showed or f"{count} test{'s' if count > 1 else ''} passed"
        new = {"digest": self._digest(key), "showed": showed}
        old = entries.get(name, {})
        if {**old, **new} == old:
            self._lines.append(f"{name}: ran and passed, as remembered: {showed}")
            return
        today = dt.datetime.now(tz=dt.UTC).date().isoformat()
        entries[name] = {**new, "date": today, "machine": machine_in_words(key[1])}
        remedy = (
            "run `make test` where you work, and commit tests/remembered.json"
            if self._in_ci
            else "commit tests/remembered.json"
        )
        self._lines.append(f"{name}: ran and passed: {showed}; {remedy}")

    def _digest(self, key: tuple[str, str]) -> str:
        if key not in self._digests:
            self._digests[key] = self._digest_of(*key)
        return self._digests[key]


def key_of(item: pytest.Item) -> tuple[str, str] | None:
    """Return the claim that a test belongs to and the sandbox that it uses, or None."""
    mark = item.get_closest_marker("remembered")
    if mark is None:
        return None
    (sandbox,) = (name for name in SANDBOXES if item.get_closest_marker(name))
    return mark.args[0], sandbox


def name_of(claim: str, sandbox: str) -> str:
    return f"{claim} in {sandbox}"
