"""A graded class is graded again when what its marks depend on has changed, and only then.

Each case changes one comment in a copy of the program and has the copy say, in a process
of its own, under which version it would grade. That version is part of every key in the
journal; the environment is what a recording was made in.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import gradekit
from gradekit.core import program
from gradekit.sandbox.docker import DockerSandbox

PACKAGE = Path(gradekit.__file__).parent
COUNTED = ["core", "learning.py", "submission", "worker"]
# `sandbox` says where code runs and under which limits, and the limits are a part of the key.
# How its image is made is in the image's tag, below.
NOT_COUNTED = ["__init__.py", "author", "cli", "grading", "marking", "pages", "platforms"]
NOT_COUNTED += ["quality", "sandbox"]
LOCAL = """
import json, sys
from pathlib import Path
import gradekit
from gradekit.sandbox import LocalSandbox, image

bundle = Path(sys.argv[1])
local = LocalSandbox(bundle, "bubblewrap")
print(json.dumps({
    "program": gradekit.__file__,
    "version": local.version,
    "environment": local.environment,
    "image": image.grader_image(bundle, "gradekit-environment:0").tag,
}))
"""
DOCKER = """
import json, sys
from pathlib import Path
from gradekit.sandbox.docker import DockerSandbox

docker = DockerSandbox(Path(sys.argv[1]))
print(json.dumps({"version": docker.version, "environment": docker.environment}))
"""


def copied(folder: Path, changed: str = "") -> Path:
    """Return the folder of a copy of the program, with a remark added to one of its files."""
    shutil.copytree(PACKAGE, folder / "gradekit", ignore=shutil.ignore_patterns("__pycache__"))
    if changed:
        path = folder / "gradekit" / changed
        file = path if path.is_file() else max(path.rglob("*.py"))
        file.write_text(file.read_text("utf-8") + "# a remark\n", "utf-8")
    return folder


def says(script: str, copy: Path, bundle: Path) -> dict[str, str]:
    """Return what a copy of the program says when it is run."""
    run = subprocess.run(
        [sys.executable, "-c", script, str(bundle)],
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, check=False, cwd=copy,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    answer: dict[str, str] = json.loads(run.stdout)
    assert answer.pop("program", str(copy)).startswith(str(copy)), "the copy itself was run"
    return answer


@cache
def unchanged(folder: Path, bundle: Path) -> dict[str, str]:
    """Return what an unchanged copy says."""
    return says(LOCAL, copied(folder), bundle)


@pytest.fixture
def before(tmp_path_factory: pytest.TempPathFactory, secret_bundle: Path) -> dict[str, str]:
    return unchanged(tmp_path_factory.getbasetemp() / "unchanged", secret_bundle)


def test_every_part_of_the_program_is_counted_or_not() -> None:
    """A new package has to say which it is."""
    parts = {path.name for path in PACKAGE.iterdir() if path.name != "__pycache__"}
    assert parts - {"__main__.py", "py.typed"} == {*COUNTED, *NOT_COUNTED}
    assert set(program.PARTS) == set(COUNTED)


@pytest.mark.parametrize("part", NOT_COUNTED)
def test_a_remark_elsewhere_grades_nobody_again(
    part: str, before: dict[str, str], tmp_path: Path, secret_bundle: Path
) -> None:
    """A page, a help text, a command: scores, recordings and the image stay what they are."""
    assert says(LOCAL, copied(tmp_path, part), secret_bundle) == before


@pytest.mark.parametrize("part", COUNTED)
def test_a_remark_in_what_marks_depend_on_grades_everybody_again(
    part: str, before: dict[str, str], tmp_path: Path, secret_bundle: Path
) -> None:
    """Nobody can tell a remark from a rule by its digest; so every byte counts."""
    after = says(LOCAL, copied(tmp_path, part), secret_bundle)
    assert [name for name in before if before[name] == after[name]] == []


def test_a_change_of_the_dockerfile_is_a_change_of_the_image_alone(
    before: dict[str, str], tmp_path: Path, secret_bundle: Path
) -> None:
    """What it makes is where code runs in Docker, and bubblewrap has nothing to do with it."""
    after = says(LOCAL, copied(tmp_path, "sandbox/Dockerfile"), secret_bundle)
    assert [name for name in before if before[name] != after[name]] == ["image"]


@pytest.mark.docker
@pytest.mark.slow
def test_a_remark_elsewhere_leaves_the_container_what_it_is(
    tmp_path: Path, secret_bundle: Path
) -> None:
    """Asked of a real engine: the same image, under the same version, and nothing is built."""
    sandbox = DockerSandbox(secret_bundle)
    expected = {"version": sandbox.version, "environment": sandbox.environment}
    assert says(DOCKER, copied(tmp_path, "pages"), secret_bundle) == expected
