"""Ask the author's oracle, in a process of its own, which answers are right.

The oracle is the author's second opinion: functions that know nothing of the checks. It
proves the labels of the example answers, and distinguishes wrong mutants from those that
are equivalent to the solution.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gradekit.author import ORACLE, AnswerBook
from gradekit.core.errors import AuthorError
from gradekit.quality.audit.solved_notebook import SolvedNotebook

TIMEOUT_SECONDS = 30.0  # for one answer and the oracle on it
Cells = Sequence[str]


def judge(
    solved: SolvedNotebook,
    book: AnswerBook,
    files: Path,
    answers: Mapping[str, Sequence[Cells]],
    on_judged: Callable[[str], None] = lambda _: None,
) -> dict[str, list[str]]:
    """Return why each answer is wrong, "" for a right one, by question and in order.

    Parameters
    ----------
    solved : SolvedNotebook
        The notebook in which the answers are run.
    book : AnswerBook
        The folder of answers, with the oracle in it.
    files : Path
        The files beside the notebook, which are linked into a temporary folder.
    answers : mapping of str to sequence of cells
        The answers to each question.
    on_judged : callable, optional
        Called with the question after each answer.

    Raises
    ------
    AuthorError
        If a given cell or the oracle itself fails.
    """
    objections: dict[str, list[str]] = {question: [] for question in answers}
    with tempfile.TemporaryDirectory(prefix="gradekit-") as name:
        home = Path(name).resolve()
        for path in sorted(files.iterdir()) if files.is_dir() else []:
            (home / path.name).symlink_to(path.resolve())
        task = {"paths": [str(home)], "seconds": TIMEOUT_SECONDS, "steps": _steps(solved, answers)}
        with tempfile.TemporaryFile("w+", encoding="utf-8") as stderr:
            process = _start(book.folder / ORACLE, home, stderr)
            assert process.stdin is not None
            assert process.stdout is not None
            with process:
                process.stdin.write(json.dumps(task))
                process.stdin.close()
                for line in process.stdout:
                    answer = json.loads(line)
                    objections[answer["question"]].append(answer["why"])
                    on_judged(answer["question"])
            stderr.seek(0)
            if process.returncode != 0:
                raise AuthorError(_failure(book, stderr.read()))
    return objections


def _start(oracle: Path, home: Path, stderr: Any) -> subprocess.Popen[str]:
    """Start the process, with one compute thread and without a display.

    Threads do not survive the fork that the process makes for each answer.
    """
    environment = {
        **os.environ,
        **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
        "MPLBACKEND": "agg",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [
        sys.executable,
        "-P",
        "-m",
        "gradekit.quality.audit.oracle_process",
        str(oracle.resolve()),
    ]
    return subprocess.Popen(
        command, cwd=home, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr,
    )  # fmt: skip


def _steps(solved: SolvedNotebook, answers: Mapping[str, Sequence[Cells]]) -> list[dict[str, Any]]:
    """Return the notebook up to the last question, and at each question its answers."""
    first_cells = {len(solved.before(question)): question for question in answers}
    steps: list[dict[str, Any]] = []
    for index, cell in enumerate(solved.cells[: max(first_cells, default=-1) + 1]):
        if question := first_cells.get(index):
            sources = [solved.with_answer(question, cells) for cells in answers[question]]
            steps.append({"question": question, "answers": sources})
        steps.append({"run": cell.source})
    return steps[:-1]  # nothing is asked after the last question, so its cell need not run


def _failure(book: AnswerBook, stderr: str) -> str:
    """Return a sentence with the last line of a traceback, and the line of the cell in it."""
    lines = stderr.strip().splitlines() or ["the process printed nothing"]
    cell = next((line.strip() for line in reversed(lines) if "<cell>" in line), "")
    where = f" ({cell})" if cell else ""
    return (
        f"{book.folder / ORACLE} could not be asked{where}: {lines[-1]}. Correct it; a given cell "
        f'that cannot run in an ordinary process is named under "skip" in audit.toml.'
    )
