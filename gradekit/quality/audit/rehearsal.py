"""Many answers to one question, one after the other, in a notebook that the worker grades.

A worker of its own for each answer costs seconds of imports. So a bundle is derived in
which the question stands many times, under a name for each answer, and a notebook that
holds the answers in turn; the real worker grades it as it grades any other. Before each
answer the names are set back to what they were and the cells that made the answer's
inputs are run again, so no answer meets what another left. An answer that took its
kernel along is marked once more by a worker of its own.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from gradekit.core.bundle import MANIFEST, Bundle
from gradekit.core.job import Job, Limits
from gradekit.core.marks import QuestionMark
from gradekit.quality.audit.solved import Solved
from gradekit.sandbox import Sandbox
from gradekit.worker import OUT_OF_TIME, STOPS, Ended

MOST = 60  # answers in one notebook
LIMITS = Limits(cell_seconds=60, call_seconds=10, check_seconds=30, total_seconds=1800)
SEED = "00" * 32  # as for the promises; what a check draws differs from answer to answer
KEEP = """\
def _keep(names):
    kept = {name: value for name, value in names.items() if name[:1] != "_"}

    def restore():
        for name in [*names]:
            if name[:1] != "_" and name not in kept:
                del names[name]
        names.update(kept)

    import sys

    sys.modules["_gradekit_restore"] = restore


_keep(globals())
"""
RESTORE = '__import__("sys").modules["_gradekit_restore"]()'

Cells = Sequence[str]
MakeSandbox = Callable[[Path], Sandbox]


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """One question, ready to be answered again and again."""

    solved: Solved
    bundle: Bundle  # prepared
    question: str
    sandbox_for: MakeSandbox

    def marks(
        self,
        answers: Sequence[Cells],
        *,
        jobs: int,
        fresh: bool = False,
        done: Callable[[int], None] = lambda _: None,
    ) -> list[QuestionMark]:
        """Return what each answer is marked with; `fresh` gives each a worker of its own.

        Raises
        ------
        GraderError
            If a worker gave no report.
        """
        found: dict[int, QuestionMark] = {}
        size = 1 if fresh else MOST
        numbers = range(len(answers))
        batches = [list(numbers[start : start + size]) for start in numbers[::size]]

        def run(batch: list[int]) -> None:
            marks = self._graded([answers[number] for number in batch])
            for number, mark in zip(batch, marks, strict=True):
                if lost_its_kernel(mark) and len(batch) > 1:
                    (mark,) = self._graded([answers[number]])  # noqa: PLW2901 - the same, alone
                found[number] = mark
            done(len(batch))

        with ThreadPoolExecutor(jobs) as pool:
            for future in [pool.submit(run, batch) for batch in batches]:
                future.result()
        return [found[number] for number in numbers]

    def _graded(self, answers: Sequence[Cells]) -> list[QuestionMark]:
        names = _names(self.question, answers)
        with tempfile.TemporaryDirectory(prefix="gradekit-") as folder:
            derived = Path(folder).resolve() / "bundle"
            cells = list(self._cells(names, answers))
            self._derive(derived, names, [cell["id"] for cell in cells])
            notebook = json.dumps({"cells": cells}).encode()
            job = Job(notebook=notebook, seed=SEED, limits=LIMITS)
            outcome = self.sandbox_for(derived).grade(job)
        marks = {mark.name: mark for mark in outcome.questions}
        return [marks[name] for name in names]

    def _derive(self, folder: Path, names: Sequence[str], ids: Sequence[str]) -> None:
        """Write the bundle in which the question stands under each of the names."""
        (folder / "tests").mkdir(parents=True)
        for part in ("files", "hidden"):
            if (self.bundle.folder / part).is_dir():
                shutil.copytree(self.bundle.folder / part, folder / part)
        for name in names:
            shutil.copyfile(
                self.bundle.folder / "tests" / f"{self.question}.py",
                folder / "tests" / f"{name}.py",
            )
        question = self.bundle.question(self.question)
        questions = tuple(
            replace(question, name=name, cells=(name,), check_cell=None, handed_out=())
            for name in names
        )
        derived = replace(self.bundle, questions=questions, cells=tuple(ids), files={})
        (folder / MANIFEST).write_text(derived.text(), "utf-8")

    def _cells(self, names: Sequence[str], answers: Sequence[Cells]) -> Iterator[dict[str, str]]:
        """Yield the given cells, and for each answer what comes before it and the answer."""
        for cell in self.solved.before(self.question):
            yield _code(cell.id, cell.source)
        yield _code("keep", KEEP)
        needed = self.solved.needed(self.question)
        for name, cells in zip(names, answers, strict=True):
            yield _code(f"{name}-restore", RESTORE)
            for number, cell in enumerate(needed):
                yield _code(f"{name}-needs-{number}", cell.source)
            sources = self.solved.with_answer(self.question, cells)
            for number, source in enumerate(sources[:-1]):
                yield _code(f"{name}-part-{number}", source)
            yield _code(name, sources[-1])  # the question is graded after the cell with its name


def lost_its_kernel(mark: QuestionMark) -> bool:
    """Whether there was no kernel for one of the checks, perhaps through another answer."""
    return any(one.message.startswith((STOPS[Ended.DIED], OUT_OF_TIME)) for one in mark.checks)


def _names(question: str, answers: Sequence[Cells]) -> list[str]:
    """Return a name for each answer, from its text alone, for what a check draws hangs on it."""
    names: list[str] = []
    for cells in answers:
        name = f"{question}-{sha256(json.dumps(list(cells)).encode()).hexdigest()[:12]}"
        names.append(name if name not in names else f"{name}-{len(names)}")
    return names


def _code(identity: str, source: str) -> dict[str, str]:
    return {"cell_type": "code", "id": identity, "source": source}
