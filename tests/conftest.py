"""What the tests share: which sandboxes and browser are here, and bundles to grade with."""

from __future__ import annotations

import json
import os
import shutil
import signal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import browser
import pytest
from remembered import Remembered

from gradekit.sandbox import docker_engine
from masters import built

if TYPE_CHECKING:
    from docker import DockerClient

    from gradekit.author.build import Built

REPOSITORY = Path(__file__).parent.parent
REQUIRED = os.environ.get("GRADEKIT_REQUIRE_DOCKER") == "1"
BROWSER_REQUIRED = os.environ.get("GRADEKIT_REQUIRE_BROWSER") == "1"


# A shell gives what it starts in the background an ignored Ctrl-C, which some tests send.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of `make test-all`."""
    parser.addoption(
        "--everything",
        action="store_true",
        help="run each attack and each submission in both sandboxes, whatever is remembered",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let what is remembered be skipped."""
    config.pluginmanager.register(Remembered(config))


@cache
def _engine() -> docker_engine.EngineAnswer:
    return docker_engine.ask_engine()


def _demand_engine() -> DockerClient:
    """Return a client; without one skip loudly, or fail where Docker is a must."""
    answer = _engine()
    if answer.client is not None:
        return answer.client
    if REQUIRED:
        pytest.fail(f"GRADEKIT_REQUIRE_DOCKER=1, but {answer.reason}")
    pytest.skip(f"DOCKER TESTS DO NOT RUN: {answer.reason}")


def _demand_browser() -> None:
    """Without a browser skip loudly, or fail where one is a must."""
    if browser.chromium() is not None:
        return
    reason = f"no {' or '.join(browser.PROGRAMS)} is on the path"
    if BROWSER_REQUIRED:
        pytest.fail(f"GRADEKIT_REQUIRE_BROWSER=1, but {reason}")
    pytest.skip(f"BROWSER TESTS DO NOT RUN: {reason}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let a test marked `docker` or `browser` run only where there is one."""
    if item.get_closest_marker("docker"):
        _demand_engine()
    if item.get_closest_marker("browser"):
        _demand_browser()


@pytest.fixture(scope="session")
def docker_client() -> DockerClient:
    """The engine's client, for tests marked `docker`."""
    return _demand_engine()


@pytest.fixture(scope="session")
def averages() -> Built:
    """The exercise on averages, built once for the whole run; tests only read it."""
    return built.averages()


# One question, whose only check shows what the notebook found out as `seen`.
CHECK = '''"""CHECK_SECRET"""
from otter.test_files import test_case
OK_FORMAT = False
name = "question"
points = None

@test_case(points=1, hidden=False)
def test_seen(seen):
    """What was seen is shown."""
    assert False, seen
'''
MANIFEST = {
    "format": 1,
    "assignment": "walls",
    "notebook": "walls.ipynb",
    "out_of": 1.0,
    "questions": [
        {
            "name": "question",
            "manual": False,
            "out_of": 1.0,
            "cells": ["look"],
            "check_cell": None,
            "handed_out": [],
            "names": ["seen"],
            "checks": [{"name": "seen", "hidden": False, "points": 1.0}],
        }
    ],
    "cells": ["look"],
    "files": {},
}


@pytest.fixture(scope="session")
def secret_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared bundle with a known secret in each place that students must not read.

    It asks for the exercise's packages, so that both share one environment image.
    """
    bundle = tmp_path_factory.mktemp("prepared") / "bundle"
    for name, text in {
        "manifest.json": json.dumps(MANIFEST),
        "tests/question.py": CHECK,
        "hidden/reference.py": "REFERENCE_SECRET = 1\n",
        "hidden/holdout.npz": "HOLDOUT_SECRET",
        "files/helpers.py": "VISIBLE = 1\n",
    }.items():
        (bundle / name).parent.mkdir(parents=True, exist_ok=True)
        (bundle / name).write_text(text, encoding="utf-8")
    wanted = REPOSITORY / "autograder" / "requirements.txt"
    if wanted.is_file():
        shutil.copy(wanted, bundle / "requirements.txt")
    else:
        (bundle / "requirements.txt").write_text(
            "torch==2.13.0\ntorchvision==0.28.0\nnumpy\nscipy\nmatplotlib\nipywidgets\n",
            encoding="utf-8",
        )
    return bundle
