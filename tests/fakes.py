"""A sandbox that runs nothing and a bundle to go with it, for tests of what stands around."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradekit.core.errors import GraderError
from gradekit.core.job import Job
from gradekit.core.marks import Mark, Outcome, QuestionMark, Verdict

CHECKS = [{"name": "flips the kernel", "hidden": False, "points": 2.0}]


def manifest() -> dict[str, Any]:
    """Return a manifest with one automatic and one written question."""
    automatic = {
        "name": "conv1d",
        "manual": False,
        "out_of": 2.0,
        "cells": ["a"],
        "check_cell": None,
        "handed_out": [],
        "names": [],
        "checks": CHECKS,
    }
    written = {**automatic, "name": "findings", "manual": True, "checks": [], "out_of": 4.0}
    return {
        "format": 1,
        "assignment": "averages",
        "notebook": "averages.ipynb",
        "out_of": 2.0,
        "questions": [automatic, written],
        "cells": ["a"],
        "files": {"tests/conv1d.py": hashlib.sha256(b"").hexdigest()},
    }


@dataclass
class FakeSandbox:
    """Passes every notebook, except those whose first cell holds one of the words."""

    name: str = "fake"
    version: str = "1"
    asked: list[tuple[str, Path]] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)

    def choose(self, name: str, bundle: Path) -> FakeSandbox:
        self.asked.append((name, bundle))
        return self

    def grade(self, job: Job) -> Outcome:
        self.jobs.append(job)
        word = json.loads(job.notebook)["cells"][0]["source"]
        if word == "docker":
            raise GraderError("Docker ran out of disk. Make room.")
        if word == "ctrl-c":
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.5)  # still at work when the main thread hears of it
        points = 0.0 if word == "wrong" else 2.0
        verdict = Verdict.FAILED if word == "wrong" else Verdict.PASSED
        mark = Mark(
            name="flips the kernel", hidden=False, verdict=verdict, points=points, out_of=2.0
        )
        return Outcome(questions=(QuestionMark(name="conv1d", checks=(mark,)),))
