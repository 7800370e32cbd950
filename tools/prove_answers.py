"""Prove the labels: `python tools/prove_answers.py ASSIGNMENT ANSWERS`.

Prints one JSON object: for each file of ANSWERS/<question>/<label>/ the oracle's reason
to call it wrong, or null. The notebook's given cells and solutions run once, in order;
at each question every answer of it gets a copy of this process as it stands there, so
PyTorch is imported once and no answer sees another. A copy that does not end is killed.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import json
import os
import re
import resource
import select
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

WAIT_SECONDS = 300.0  # for one answer; a busy machine may take long
SHOWS = re.compile(
    r"\bpad\.|\b(show|summary|visualize_convolution|DrawingPad)\(|^train_model\(", re.MULTILINE
)


def prove(assignment: Path, answers: Path) -> dict[str, str | None]:
    """Run the notebook's cells and judge each answer where its question stands."""
    notebook = next((assignment.parent / "solutions").glob("*.ipynb"))
    sys.path.insert(0, str(assignment))
    oracle = loaded(answers / "oracle.py")
    limit_threads()
    names: dict[str, Any] = {"__name__": "__main__"}
    found: dict[str, str | None] = {}
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    last = max(n for n, cell in enumerate(cells) if answered(cell, answers))
    for cell in cells[: last + 1]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or "otter" in source or "grader.check" in source:
            continue
        for path in answered(cell, answers):
            found[str(path.relative_to(answers))] = in_a_copy(names, path, oracle)
        if not SHOWS.search(source):
            run(source, names)
    return found


def answered(cell: dict[str, Any], answers: Path) -> list[Path]:
    """Return the answers to the question whose answer cell this is."""
    question = cell["id"].removesuffix("-answer")
    wanted = cell["id"].endswith("-answer") and (
        not OPTIONS.questions or question in OPTIONS.questions
    )
    return sorted((answers / question).glob("*/*.py")) if wanted else []


def loaded(path: Path) -> Any:
    """Import a module by its path."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def limit_threads() -> None:
    """A copy of a process has one thread; with more, PyTorch would wait for lost ones."""
    import torch

    torch.set_num_threads(1)


def run(source: str, names: dict[str, Any]) -> None:
    """Execute a cell, or an answer of several cells."""
    for part in re.split(r"^# %%.*$", source, flags=re.MULTILINE):
        exec(compile(part, "<cell>", "exec"), names)


def in_a_copy(names: dict[str, Any], path: Path, oracle: Any) -> str | None:
    """Return the oracle's reason to call an answer wrong, or None."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (OPTIONS.cpu_seconds, OPTIONS.cpu_seconds))
        os.write(writing, json.dumps(judged(names, path, oracle)).encode())
        os._exit(0)
    os.close(writing)
    ended = bool(select.select([reading], [], [], WAIT_SECONDS)[0])
    if not ended:
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    if said:
        return json.loads(said)
    return (
        "it ended the process, or worked too long" if ended else f"no end within {WAIT_SECONDS:g} s"
    )


def judged(names: dict[str, Any], path: Path, oracle: Any) -> str | None:
    """Run one answer and ask; what it raises by itself makes it wrong, if a name is missing."""
    raised = ""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            run(path.read_text(encoding="utf-8"), names)
        except Exception as error:  # noqa: BLE001 - an answer may raise anything
            raised = f"the cell raises {type(error).__name__}: {error}; "
        try:
            getattr(oracle, path.parent.parent.name)(names)
        except AssertionError as error:
            return f"{raised}{error}"[:500] or "wrong"
    return None


def options() -> argparse.Namespace:
    """Return what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignment", type=Path)
    parser.add_argument("answers", type=Path)
    parser.add_argument("questions", nargs="*", help="all where none is named")
    parser.add_argument("--cpu-seconds", type=int, default=20, help="for one answer")
    return parser.parse_args()


if __name__ == "__main__":
    OPTIONS = options()
    folders = [OPTIONS.assignment.resolve(), OPTIONS.answers.resolve()]
    with tempfile.TemporaryDirectory() as scratch, contextlib.redirect_stdout(io.StringIO()):
        (Path(scratch) / "img").symlink_to(folders[0] / "img")
        os.chdir(scratch)  # the notebook writes its data where it runs
        result = prove(*folders)
    json.dump(result, sys.stdout)
