"""Which sandbox is taken, and what it makes of a worker that fails."""

import json
import shutil
import time
from pathlib import Path

import pytest

from gradekit.author.build import Built
from gradekit.core.errors import GraderError
from gradekit.core.job import Job, Limits
from gradekit.sandbox.choose import choose_sandbox
from gradekit.sandbox.local import LocalSandbox
from gradekit.sandbox.prepare import prepare_bundle

JOB = Job(notebook=b'{"cells": []}', seed="00", limits=Limits(total_seconds=60))


@pytest.fixture(scope="module")
def bundle(averages: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_bundle(averages.autograder, tmp_path_factory.mktemp("cache"))


@pytest.mark.docker
@pytest.mark.bubblewrap
def test_an_engine_without_an_image_makes_way_for_bubblewrap(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said aloud, and never on the way to no sandbox at all."""
    monkeypatch.setenv("BASE_IMAGE", "gradekit-absent:none")
    said: list[str] = []
    assert choose_sandbox("auto", bundle, said.append).name == "bubblewrap"
    assert any("Docker answers, but cannot grade" in text for text in said)
    with pytest.raises(GraderError):
        choose_sandbox("docker", bundle)


def test_no_sandbox_at_all_is_a_sentence(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`auto` never falls back to `none`."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere.sock")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(GraderError, match="No sandbox"):
        choose_sandbox("auto", bundle)


def test_an_empty_notebook_is_graded_at_zero(bundle: Path) -> None:
    """Nothing handed in is wrong, not a failure of ours."""
    outcome = LocalSandbox(bundle, "none").grade(JOB)
    assert [question.points for question in outcome.questions] == [0.0, 0.0]


def test_a_worker_that_fails_leaves_no_score(bundle: Path, tmp_path: Path) -> None:
    """Here a check file is missing: that is ours, so nobody gets a zero for it."""
    broken = tmp_path / "bundle"
    shutil.copytree(bundle, broken)
    (broken / "tests" / "peak.py").unlink()
    with pytest.raises(GraderError, match="ended with code 1"):
        LocalSandbox(broken, "none").grade(JOB)


def test_a_check_that_is_itself_broken_is_unmarked(bundle: Path, tmp_path: Path) -> None:
    """A module that only the author can have forgotten costs no student a point."""
    broken = tmp_path / "bundle"
    shutil.copytree(bundle, broken)
    (broken / "hidden" / "reference.py").write_text("import a_module_that_is_not_there")
    cell = {
        "id": "average", "cell_type": "code",
        "source": "def moving_average(x, width): return [1.0]",
    }  # fmt: skip
    notebook = json.dumps({"cells": [cell]}).encode()
    outcome = LocalSandbox(broken, "none").grade(Job(notebook=notebook, seed="00", limits=Limits()))
    verdicts = [str(mark.verdict) for mark in outcome.questions[0].checks]
    assert verdicts == ["failed", "failed", "unmarked", "failed"]


def test_a_notebook_that_runs_out_of_its_total_time_is_graded(bundle: Path) -> None:
    """Loop after loop: each is stopped, then the notebook as a whole, in bounded time."""
    loops = [{"id": f"c{n}", "cell_type": "code", "source": "while True: pass"} for n in range(9)]
    limits = Limits(cell_seconds=3, total_seconds=8)
    notebook = json.dumps({"cells": loops}).encode()
    started = time.monotonic()
    outcome = LocalSandbox(bundle, "none").grade(Job(notebook=notebook, seed="00", limits=limits))
    assert time.monotonic() - started < 8 + 60
    marks = [mark for question in outcome.questions for mark in question.checks]
    assert {str(mark.verdict) for mark in marks} == {"stopped"}


def test_modules_in_the_current_folder_are_not_ours(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever grades from within the folder of uploads does not run what was uploaded."""
    (tmp_path / "psutil.py").write_text("raise SystemExit('a student was here')")
    monkeypatch.chdir(tmp_path)
    outcome = LocalSandbox(bundle, "none").grade(JOB)
    assert [question.points for question in outcome.questions] == [0.0, 0.0]
