"""Many answers to one question are graded as one notebook, by the real worker.

A worker of its own for each answer costs seconds of imports. So a bundle is derived in
which the question occurs many times, under a name for each answer, with a notebook that
contains the answers in turn; the worker grades it like any submission. Before each
answer all names are reset and the cells that made the answer's inputs are run again, so
that no answer sees what the previous one left. An answer that crashed the kernel is
graded once more, by a worker of its own.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from gradekit.core.bundle import MANIFEST, Bundle
from gradekit.core.files import copy_tree, temporary_folder
from gradekit.core.job import Job, Limits
from gradekit.core.marks import QuestionMark
from gradekit.quality.audit.solved_notebook import SolvedNotebook
from gradekit.sandbox import Sandbox
from gradekit.worker import found_no_kernel

BATCH = 60  # answers in one notebook
# One notebook contains many answers, some of which never end, so it has more time in all.
LIMITS = Limits(cell_seconds=60, call_seconds=10, check_seconds=30, total_seconds=1800)
SEED = "00" * 32  # fixed; the random input of a check still differs from answer to answer
# Names with an underscore stay as they are: IPython keeps its own state in them. The function
# is hidden in sys.modules, because an answer may delete or rebind any global name.
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
class AnswerGrader:
    """Grades any number of answers to one question."""

    solved: SolvedNotebook
    bundle: Bundle  # prepared
    question: str
    sandbox_for: MakeSandbox

    def grade(
        self,
        answers: Sequence[Cells],
        *,
        jobs: int,
        fresh: bool = False,
        on_graded: Callable[[int], None] = lambda _: None,
    ) -> list[QuestionMark]:
        """Return the mark of each answer, in order.

        Parameters
        ----------
        answers : sequence of cells
            For each answer the sources of its cells.
        jobs : int
            How many workers run at a time.
        fresh : bool, optional
            Whether each answer gets a worker of its own.
        on_graded : callable, optional
            Called with the number of answers that were graded since the last call.

        Raises
        ------
        GraderError
            If a worker gave no report.
        """
        marks: dict[int, QuestionMark] = {}
        size = 1 if fresh else BATCH
        numbers = range(len(answers))
        batches = [list(numbers[start : start + size]) for start in numbers[::size]]

        def grade_batch(batch: list[int]) -> None:
            for number, mark in zip(
                batch, self._marks([answers[number] for number in batch]), strict=True
            ):
                # Without a kernel its check failed, perhaps through another answer's fault.
                retry = lost_its_kernel(mark) and len(batch) > 1
                marks[number] = self._marks([answers[number]])[0] if retry else mark
            on_graded(len(batch))

        with ThreadPoolExecutor(jobs) as pool:
            for future in [pool.submit(grade_batch, batch) for batch in batches]:
                future.result()
        return [marks[number] for number in numbers]

    def _marks(self, answers: Sequence[Cells]) -> list[QuestionMark]:
        """Grade some answers in one notebook."""
        names = _names(self.question, answers)
        with temporary_folder() as folder:
            derived = folder / "bundle"
            cells = list(self._notebook_cells(names, answers))
            self._write_bundle(derived, names, [cell["id"] for cell in cells])
            notebook = json.dumps({"cells": cells}).encode()
            job = Job(notebook=notebook, seed=SEED, limits=LIMITS)
            outcome = self.sandbox_for(derived).grade(job)
        marks = {mark.name: mark for mark in outcome.questions}
        return [marks[name] for name in names]

    def _write_bundle(self, folder: Path, names: Sequence[str], ids: Sequence[str]) -> None:
        """Write a bundle in which the question occurs under each of the names."""
        (folder / "tests").mkdir(parents=True)
        for subfolder in ("files", "hidden"):
            if (self.bundle.folder / subfolder).is_dir():
                copy_tree(self.bundle.folder / subfolder, folder / subfolder)
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
        bundle = replace(self.bundle, questions=questions, cells=tuple(ids), files={})
        (folder / MANIFEST).write_text(bundle.text(), "utf-8")

    def _notebook_cells(
        self, names: Sequence[str], answers: Sequence[Cells]
    ) -> Iterator[dict[str, str]]:
        """Yield the given cells, then for each answer the reset, its inputs and its own cells."""
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
    """Whether one of the checks found no kernel, or no time left in the notebook."""
    return any(map(found_no_kernel, mark.checks))


def _names(question: str, answers: Sequence[Cells]) -> list[str]:
    """Return a name for each answer, made of its text alone.

    The random input of a check depends on the question's name. So the same answer meets
    the same input in every batch and every audit.
    """
    names: list[str] = []
    for cells in answers:
        name = f"{question}-{sha256(json.dumps(list(cells)).encode()).hexdigest()[:12]}"
        names.append(name if name not in names else f"{name}-{len(names)}")
    return names


def _code(identity: str, source: str) -> dict[str, str]:
    return {"cell_type": "code", "id": identity, "source": source}
