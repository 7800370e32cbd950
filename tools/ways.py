"""Three ways to come to the end of a notebook, for `bench`: ours, Otter's, and bare compute.

Each is a callable from a notebook to the points it earned (None where nothing is
judged); what it needs is made ready before the clock runs. Ours and Otter's grade in
Docker with the same packages on the same base. Otter builds its image with a network,
from conda; so its image is made here the way its Dockerfile would, out of the wheels
that ours has: `/autograder` with `source/{files,tests}`, `run_otter.py` and
`run_autograder`. Everything after that is Otter's own, with its defaults.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import docker

from gradekit.core.bundle import Bundle
from gradekit.core.job import Job, Limits
from gradekit.core.marks import Outcome, Report
from gradekit.grading.grader import Grader
from gradekit.grading.journal import Journal
from gradekit.sandbox import image
from gradekit.sandbox.docker import DockerSandbox
from gradekit.sandbox.prepare import cache_root
from gradekit.submission.find import HandIn, find_hand_ins
from gradekit.submission.parse import parse_submission

RUN_AUTOGRADER = "#!/bin/sh\nexec python /autograder/source/run_otter.py\n"
RECIPE = """FROM {environment}
COPY autograder /autograder
RUN chmod +x /autograder/run_autograder && touch /autograder/submission_metadata.json
"""
# The checks of a notebook are no computation of the student's; nor are magics.
BARE = """import sys, types
otter = sys.modules["otter"] = types.ModuleType("otter")
class Notebook:
    def __init__(self, *_): pass
    def __getattr__(self, name): return lambda *_, **__: None
otter.Notebook = Notebook
for cell in {cells!r}:
    try:
        exec(compile(cell, "cell", "exec"), globals())
    except Exception as error:
        print(type(error).__name__, error, file=sys.stderr)
"""


def code_cells(notebook: Path) -> list[str]:
    """Return the code of a notebook, cell by cell, without lines for IPython alone."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return ["\n".join(line for line in source.split("\n") if not line.startswith(("%", "!")))
            for source in sources]  # fmt: skip


class Ours:
    """What `make grade` does with one file, in Docker."""

    def __init__(self, bundle: Path, prepared: Path, journal: Journal, say: image.Say) -> None:
        self.sandbox = DockerSandbox(prepared, say=say)
        self.grader = Grader(bundle=Bundle.load(bundle), sandbox=self.sandbox, journal=journal)
        self.reports: dict[str, Report] = {}

    def __call__(self, notebook: Path) -> float | None:
        [handin] = find_hand_ins(notebook)
        report = self.grader.grade(handin).report
        if report.points is None:
            raise RuntimeError(report.reason)
        self.reports[notebook.stem] = report
        return report.points

    def split(self, notebook: Path) -> dict[str, float]:
        """Return where the time of one submission goes, in seconds; it runs once more for that."""
        [handin] = find_hand_ins(notebook)
        work = parse_submission.parse(notebook.read_bytes(), handin)
        return dict(self.sandbox.grade(Job.of(work.cells, seed="00", limits=Limits())).timings)


class Otters:
    """`otter.grade.containers.grade_submission` with its defaults."""

    def __init__(self, prepared: Path, say: image.Say) -> None:
        client = docker.from_env(timeout=1800)
        environment = image._ensure_environment(
            client, prepared, base=image.base_image(), cache=cache_root(), say=say
        )
        self.image = "gradekit-bench-otter:latest"
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "source"
            for inner in ("files", "hidden"):
                shutil.copytree(prepared / inner, source / "files", dirs_exist_ok=True)
            shutil.copytree(prepared / "tests", source / "tests")
            shutil.copy(prepared / "otter_config.json", source)
            template = resources.files("otter.generate") / "templates" / "common" / "run_otter.py"
            text = template.read_text("utf-8").replace("{{ autograder_dir }}", "/autograder")
            (source / "run_otter.py").write_text(text, "utf-8")
            (Path(folder) / "run_autograder").write_text(RUN_AUTOGRADER, "utf-8")
            for name in ("submission", "results"):
                (Path(folder) / name).mkdir()
            context = _context(RECIPE.format(environment=environment), Path(folder))
        client.images.build(
            fileobj=context, custom_context=True, tag=self.image, rm=True, network_mode="none"
        )
        self.questions: dict[str, Mapping[str, float]] = {}

    def __call__(self, notebook: Path) -> float | None:
        from otter.grade.containers import grade_submission

        results = grade_submission(str(notebook), self.image)
        if results.has_catastrophic_failure():
            raise RuntimeError(str(results.catastrophic_error))
        self.questions[notebook.stem] = {
            name: float(one["score"]) for name, one in results.to_dict().items()
        }
        return float(results.total)


class Bare:
    """The notebook's code as one script, on one thread, with nothing around it."""

    def __init__(self, prepared: Path) -> None:
        self._files = prepared / "files"

    def __call__(self, notebook: Path) -> float | None:
        with tempfile.TemporaryDirectory() as folder:
            for path in self._files.iterdir():
                (Path(folder) / path.name).symlink_to(path)
            script = Path(folder) / "script.py"
            script.write_text(BARE.format(cells=code_cells(notebook)), "utf-8")
            threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "MKL", "OPENBLAS")}
            own = {"MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1", **threads}
            ran = subprocess.run(
                [sys.executable, str(script)], cwd=folder, env={**os.environ, **own},
                capture_output=True, text=True, check=True,
            )  # fmt: skip
        if ran.stderr:  # a notebook that is not finished; the rest of it counts all the same
            sys.stderr.write(f"{notebook.stem}, bare: {len(ran.stderr.splitlines())} errors\n")
        return None


class Remembering:
    """A sandbox that has done its work already, to fill a journal as a class would."""

    def __init__(self, sandbox: DockerSandbox, outcome: Outcome) -> None:
        self.name, self.version = sandbox.name, sandbox.version
        self.environment = sandbox.environment
        self._outcome = outcome

    def grade(self, job: Job) -> Outcome:
        return self._outcome

    def check(self) -> tuple[()]:
        return ()


def copies(notebook: Path, folder: Path, count: int, mark: str) -> list[Path]:
    """Return copies of a notebook that all have other bytes, so that nothing is remembered."""
    data = json.loads(notebook.read_text("utf-8"))
    made = []
    for number in range(count):
        name = f"{notebook.stem} {mark} {number + 1}"
        cell = {"cell_type": "markdown", "id": "bench", "metadata": {}, "source": [name]}
        path = folder / f"{name}.ipynb"
        path.write_text(json.dumps({**data, "cells": [*data["cells"], cell]}), "utf-8")
        made.append(path)
    return made


def handins(folder: Path) -> list[HandIn]:
    """Return everything handed in, in a folder."""
    return find_hand_ins(folder)


def _context(recipe: str, folder: Path) -> io.BytesIO:
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        info = tarfile.TarInfo("Dockerfile")
        info.size = len(recipe.encode())
        archive.addfile(info, io.BytesIO(recipe.encode()))
        archive.add(folder, "autograder")
    context.seek(0)
    return context
