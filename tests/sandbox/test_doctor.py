"""The doctor tells the truth about this machine."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gradekit.core.job import Promise
from gradekit.sandbox import docker_engine, doctor
from gradekit.worker import self_check


def finding(diagnosis: doctor.Diagnosis, subject: str) -> doctor.Finding:
    return next(one for one in diagnosis.findings if one.subject == subject)


def test_a_machine_that_runs_these_tests_has_python_and_packages() -> None:
    """What gradekit imports is looked up by version, not assumed."""
    diagnosis = doctor.examine()
    assert finding(diagnosis, "python").ok
    assert finding(diagnosis, "packages").ok


def test_auto_takes_docker_exactly_where_an_engine_answers() -> None:
    """The doctor and `--sandbox auto` follow the same order."""
    answers = docker_engine.engine() is not None
    assert (doctor.examine().sandbox == "docker") == answers


@pytest.mark.docker
def test_the_engine_and_its_limits_are_named() -> None:
    """Version and cgroups stand in the findings, from the engine's own words."""
    diagnosis = doctor.examine()
    assert "answers" in finding(diagnosis, "docker").says
    assert "memory, processes, processor time" in finding(diagnosis, "limits").says


def test_without_an_engine_bubblewrap_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """No engine is a finding with a remedy, and no obstacle where bwrap works."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    diagnosis = doctor.examine()
    assert not finding(diagnosis, "docker").ok
    assert finding(diagnosis, "docker").remedy
    expected = "bubblewrap" if finding(diagnosis, "bubblewrap").ok else None
    assert diagnosis.sandbox == expected


def test_with_neither_the_machine_cannot_grade(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`none` is never chosen silently."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    monkeypatch.setenv("PATH", str(tmp_path))
    diagnosis = doctor.examine()
    assert diagnosis.sandbox is None
    assert not diagnosis.can_grade
    assert "apt-get install bubblewrap" in finding(diagnosis, "bubblewrap").remedy


def test_a_bubblewrap_that_cannot_make_namespaces_is_found_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is tried; that the program exists says nothing."""
    (tmp_path / "bwrap").write_text("#!/bin/sh\necho no permissions >&2\nexit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert shutil.which("bwrap") == str(tmp_path / "bwrap")
    found = doctor._bubblewrap()
    assert not found.ok
    assert "no permissions" in found.says
    assert found.remedy


def test_a_socket_without_permission_is_told_from_no_engine() -> None:
    """Two causes, two remedies."""
    refused = docker_engine.why_no_engine(
        "('Connection aborted.', PermissionError(13, 'Permission denied'))"
    )
    assert "group docker" in refused
    assert (
        docker_engine.why_no_engine("FileNotFoundError(2, 'No such file')") == "no engine answers"
    )


@pytest.mark.bubblewrap
def test_the_promises_of_the_sandbox_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same list that precedes every grading; and no sandbox covers everything."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    diagnosis = doctor.examine()
    assert len(diagnosis.tried) >= len(self_check.PROMISES)
    assert diagnosis.can_grade
    assert diagnosis.not_covered


def test_a_broken_promise_means_that_the_machine_cannot_grade() -> None:
    """Namespaces that can be made are not enough."""
    broken = Promise(promise="no network", through="eth0")
    assert doctor.Diagnosis((), "bubblewrap").can_grade
    assert not doctor.Diagnosis((), "bubblewrap", (broken,)).can_grade


def test_without_a_control_group_a_burst_is_not_covered() -> None:
    """What depends on this user's rights is not promised."""
    group = Promise(promise=self_check.TOGETHER, through="")
    assert doctor.NO_GROUP in doctor.Diagnosis((), "bubblewrap").not_covered
    assert doctor.NO_GROUP not in doctor.Diagnosis((), "bubblewrap", (group,)).not_covered
    assert doctor.NO_GROUP not in doctor.Diagnosis((), "docker").not_covered
