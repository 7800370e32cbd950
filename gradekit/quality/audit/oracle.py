"""Ask the author's oracle, in a process of its own, which answers are right.

The oracle is the author's second opinion: functions that know nothing of the checks. It
proves the labels of the answers, and tells mutants that are wrong from those that only
look different.
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
from gradekit.quality.audit.solved import Solved

SECONDS = 30.0  # one answer and the oracle on it
Cells = Sequence[str]


def ask(
    solved: Solved,
    book: AnswerBook,
    files: Path,
    answers: Mapping[str, Sequence[Cells]],
    done: Callable[[str], None] = lambda _: None,
) -> dict[str, list[str]]:
    """Return why each answer is wrong, "" for a right one, by question and in the order given.

    Raises
    ------
    AuthorError
        If a given cell or the oracle itself fails.
    """
    found: dict[str, list[str]] = {question: [] for question in answers}
    with tempfile.TemporaryDirectory(prefix="gradekit-") as name:
        home = Path(name).resolve()
        for path in sorted(files.iterdir()) if files.is_dir() else []:
            (home / path.name).symlink_to(path.resolve())
        task = {"paths": [str(home)], "seconds": SECONDS, "steps": _steps(solved, answers)}
        with tempfile.TemporaryFile("w+", encoding="utf-8") as words:
            process = _started(book.folder / ORACLE, home, words)
            assert process.stdin is not None
            assert process.stdout is not None
            with process:
                process.stdin.write(json.dumps(task))
                process.stdin.close()
                for line in process.stdout:
                    answer = json.loads(line)
                    found[answer["question"]].append(answer["why"])
                    done(answer["question"])
            words.seek(0)
            if process.returncode != 0:
                raise AuthorError(_failed(book, words.read()))
    return found


def _started(oracle: Path, home: Path, words: Any) -> subprocess.Popen[str]:
    """Start the process, with one compute thread and without a screen."""
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
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words,
    )  # fmt: skip


def _steps(solved: Solved, answers: Mapping[str, Sequence[Cells]]) -> list[dict[str, Any]]:
    """Return the notebook up to the last question, and at each the answers to try."""
    places = {len(solved.before(question)): question for question in answers}
    steps: list[dict[str, Any]] = []
    for place, cell in enumerate(solved.cells[: max(places, default=-1) + 1]):
        if question := places.get(place):
            tried = [solved.with_answer(question, cells) for cells in answers[question]]
            steps.append({"question": question, "answers": tried})
        steps.append({"run": cell.source})
    return steps[:-1]  # nothing is asked after the last question's own cells


def _failed(book: AnswerBook, words: str) -> str:
    lines = words.strip().splitlines() or ["it ended without a word"]
    cell = next((line.strip() for line in reversed(lines) if "<cell>" in line), "")
    where = f" ({cell})" if cell else ""
    return (
        f"{book.folder / ORACLE} could not be asked{where}: {lines[-1]}. Correct it; a given cell "
        f'that cannot run in an ordinary process is named under "skip" in audit.toml.'
    )
