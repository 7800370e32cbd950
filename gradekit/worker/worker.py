"""Grade one notebook: run its cells in the student's kernel, judge the checks here.

    python -m gradekit.worker --bundle FOLDER --submission FILE --seed HEX
                              --limits JSON --isolation user|bubblewrap|none

prints one JSON document, an `Outcome`, and exits 0. Anything else is our failure,
and the host takes it as one. This process reads the hidden checks and the holdout;
the student's code runs in another one (`kernel`) and is asked (`environment`), never
believed (`judging`).

Each question is graded where it stands. Code that is stopped costs its own
question: where the kernel died, another takes its place, the cells that went well
are run again, and the notebook goes on. What a kernel was killed in, and not by us,
is tried once more before it counts: an operator or a machine short of memory may have
done it.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import hashlib
import hmac
import importlib
import json
import os
import random
import re
import resource
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from gradekit.core.bundle import Bundle, Question
from gradekit.core.errors import GraderError
from gradekit.core.exhibits import Exhibit
from gradekit.core.job import Limits
from gradekit.core.marks import Incident, Mark, Outcome, QuestionMark, Verdict
from gradekit.worker import check_file
from gradekit.worker.exhibits import shown
from gradekit.worker.judging import STOPS, Judgement, claim, judge, mark, stopped
from gradekit.worker.kernel import Ended, Environment, ForkServer, Kernel, Stopped, fork_server
from gradekit.worker.matching import Plan, plan
from gradekit.worker.recording import Recorder

MAX_RESTARTS = 4
START = -1  # where a kernel is before its first cell
MAX_FORGIVEN = 8  # restarts that do not count, because somebody else killed the kernel
MAX_INCIDENTS, MAX_EXHIBITS = 50, 40
MAX_PRINTED = 16 << 10  # characters of the cells between two questions
OWN_MEMORY_BYTES = 4 << 30  # what torch and a few large messages never need
OUT_OF_TIME = "The notebook as a whole ran out of time before this check."


class Worker:
    """One submission on its way through its cells and its questions."""

    def __init__(self, bundle: Bundle, cells: Sequence[Mapping[str, Any]], seed: str,
                 limits: Limits, isolation: str, *,
                 recorder: Recorder | None = None) -> None:  # fmt: skip
        self._bundle, self._cells, self._limits = bundle, cells, limits
        self._seed, self._isolation = bytes.fromhex(seed), isolation
        self.server: ForkServer | None = None  # where there is one, kernels come from it
        self._recorder = recorder or Recorder()
        self._plan: Plan = plan(bundle, cells)
        self._notes = list(self._plan.notes)
        self._marks: dict[str, tuple[Mark, ...]] = {}
        self._timings = {"kernel": 0.0, "notebook": 0.0, "checks": 0.0, "exhibits": 0.0}
        self._incidents: list[Incident] = []
        self._check_cells = {question.check_cell for question in bundle.questions}  # no answers
        self._exhibits: list[Exhibit] = []
        self._printed = ""  # since the question before
        self._deadline = time.monotonic() + limits.total_seconds
        self._lethal: set[int] = set()  # cells that are not run a second time
        self._stopped: dict[str, Ended] = {}  # cells that had to be stopped, by their id
        self._restarts, self._allowed = 0, MAX_RESTARTS
        self._forgiven: set[int | str] = set()  # cells and questions that had a second chance
        self._kernel: Kernel | None = None
        self._stack = contextlib.ExitStack()

    def outcome(self) -> Outcome:
        """Run everything and return what was found."""
        with self._stack:
            self._start()
            for place in range(-1, len(self._cells)):
                if place >= 0:
                    self._run(place)
                for question in self._plan.after.get(place, ()):
                    with self._timed("checks"):
                        marks = self._marks[question.name] = self._question(question, place)
                    self._recorder.question(question.name, place, marks)
                    with self._timed("exhibits"):
                        self._exhibits += self._shown(question)
                self._printed = "" if place in self._plan.after else self._printed
        questions = [
            QuestionMark(name=question.name, checks=self._marks[question.name])
            for question in self._bundle.questions if question.checks
        ]  # fmt: skip
        return Outcome(
            questions=tuple(questions),
            notes=tuple(self._notes),
            timings=self._timings,
            incidents=tuple(self._incidents[:MAX_INCIDENTS]),
            exhibits=tuple(self._exhibits[:MAX_EXHIBITS]),
        )

    def _start(self) -> None:
        with self._timed("kernel"):
            files = self._bundle.folder / "files"
            kernel = Kernel(self._isolation, files, self._limits, self.server)
            self._kernel = self._stack.enter_context(kernel)

    def _run(self, place: int) -> None:
        """Run one cell; note it if it had to be stopped."""
        cell = self._cells[place]
        if cell["cell_type"] != "code" or not cell["source"].strip():
            return
        kernel = self._alive(place)
        if kernel is None:
            return
        with self._timed("notebook"):
            ended = self._run_in(kernel, cell["source"])
        if ended in STOPS and self._forgives(place):
            self._run(place)
            return
        self._printed = (self._printed + kernel.printed)[-MAX_PRINTED:]
        if ended in STOPS or (ended is Ended.RAISED and cell["id"] not in self._check_cells):
            self._incidents.append(Incident(cell=place + 1, how=str(ended), text=kernel.raised))
        if ended in STOPS:
            self._note(place, ended)
            self._stopped[cell["id"]] = ended
        if ended is Ended.DIED:
            self._lethal.add(place)

    def _run_in(self, kernel: Kernel, source: str) -> Ended:
        """Run a cell within its own time and that of the whole notebook."""
        left = max(self._deadline - time.monotonic(), 0.0)
        return kernel.run(source, min(left, self._limits.cell_seconds), longest=left)

    def _note(self, place: int, ended: Ended) -> None:
        what = {
            Ended.TIME: f"was stopped after {self._limits.cell_seconds:.0f} s",
            Ended.OUTPUT: "was stopped because it printed too much",
            Ended.MEMORY: "ran out of memory",
            Ended.DIED: f"ended the kernel ({self._kernel.why_dead if self._kernel else ''})",
        }[ended]
        if time.monotonic() >= self._deadline:
            what = "was stopped: the notebook as a whole ran out of time"
        self._notes.append(f"cell {place + 1} {what}.")
        self._recorder.stop(place, ended, self._notes[-1])

    def _alive(self, place: int) -> Kernel | None:
        """Return a kernel in which the cells before `place` have run, if time allows."""
        if time.monotonic() >= self._deadline:
            return None
        if self._kernel is not None and self._kernel.alive:
            return self._kernel
        while self._restarts < self._allowed and time.monotonic() < self._deadline:
            self._restarts += 1
            self._stack.close()  # every process of the old kernel's is gone before the new one
            try:
                self._start()
            except GraderError:  # what the first one could do, what it left behind prevents
                if self._forgiven_once(START):
                    continue
                self._restarts = self._allowed
                break
            if self._replayed(place):
                return self._kernel
        return None

    def _replayed(self, place: int) -> bool:
        """Run the earlier cells again, all but those that ended a kernel."""
        assert self._kernel is not None
        for earlier in range(place):
            cell = self._cells[earlier]
            if cell["cell_type"] == "code" and earlier not in self._lethal:
                with self._timed("notebook"):
                    ended = self._run_in(self._kernel, cell["source"])
                if self._forgives(earlier):
                    return False
                if ended in (Ended.TIME, Ended.OUTPUT, Ended.DIED):
                    self._lethal.add(earlier)
                if ended is Ended.DIED:
                    return False
        return True

    def _forgives(self, what: int | str) -> bool:
        """Return whether a cell or question is to be tried again, for it may be without blame."""
        killed = self._kernel is not None and self._kernel.killed
        return killed and self._forgiven_once(what)

    def _forgiven_once(self, what: int | str) -> bool:
        if what in self._forgiven or len(self._forgiven) == MAX_FORGIVEN:
            return False
        self._forgiven.add(what)
        self._allowed += 1
        return True

    def _question(self, question: Question, place: int) -> tuple[Mark, ...]:
        """Return the marks of one question, judged anew if somebody else killed its kernel."""
        usable = self._alive(place + 1) is not None
        marks = tuple(self._checked(question, place))
        if usable and self._forgives(question.name):
            self._recorder.again()
            marks = tuple(self._checked(question, place))
        return marks

    def _checked(self, question: Question, place: int) -> Iterator[Mark]:
        """Yield the marks of one question; after a dead kernel the rest is stopped."""
        cases = check_file.read(self._bundle.folder / "tests" / f"{question.name}.py")
        dead: Ended | None = None
        kernel = self._alive(place + 1)
        for check, case in zip(question.checks, cases, strict=True):
            name = case.body.test_func.__name__
            public = "" if check.hidden else claim(case.body.test_func)
            if kernel is None or dead is not None:
                late = self._late(question.name, name)
                self._recorder.check(name, late)
                text = OUT_OF_TIME if late else STOPS[Ended.DIED]
                yield mark(check, Judgement(Verdict.STOPPED, text), public)
                continue
            self._recorder.check(name)
            try:
                judgement = self._judged(case, check.hidden, question.name, kernel)
                how = next((self._stopped[c] for c in question.cells if c in self._stopped), None)
                if how is not None and judgement.verdict is Verdict.FAILED:
                    judgement = stopped(how, public)  # the answer never came to its end
            except Stopped as stop:
                self._recorder.ended(stop.how)
                dead = stop.how if not kernel.alive else None
                judgement = stopped(stop.how, public)
            if judgement.staff:
                sys.stderr.write(f"{question.name}, {check.name}: {judgement.staff}\n")
            yield mark(check, judgement, public)

    def _shown(self, question: Question) -> tuple[Exhibit, ...]:
        """Return what the author shows of a question whose checks all came to an end."""
        kernel = self._kernel
        whole = all(mark.verdict is not Verdict.STOPPED for mark in self._marks[question.name])
        if kernel is None or not kernel.alive or not whole:
            return ()
        environment = Environment(kernel, self._limits.call_seconds)
        left = self._deadline - time.monotonic()
        return shown(self._bundle.folder, question.name, environment, left, self._printed)

    def _late(self, _question: str, _name: str) -> bool:
        """Return whether the time of the whole notebook is over."""
        return time.monotonic() >= self._deadline

    def _judged(self, case: Any, hidden: bool, question: str, kernel: Kernel) -> Judgement:
        """Judge one check on inputs drawn from the seed, within its time."""
        name = f"{question}/{case.body.test_func.__name__}".encode()
        draw = int.from_bytes(hmac.digest(self._seed, name, hashlib.sha256)[:4], "big")
        _seed_everything(draw)
        environment = Environment(self._recorder.over(kernel), self._limits.call_seconds)
        left = self._deadline - time.monotonic()
        theirs = hmac.digest(self._seed, name + b"/kernel", hashlib.sha256)  # tells nothing of draw
        seconds = min(left, self._limits.check_seconds)
        environment.begin(seconds, int.from_bytes(theirs[:4], "big"))
        return judge(case, hidden, environment)

    @contextlib.contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = time.monotonic()
        try:
            yield
        finally:
            self._timings[stage] += time.monotonic() - started


def _import_what_checks_draw_from(bundle: Path) -> None:
    """Import NumPy and torch where checks use them: only what is loaded can be seeded.

    Then the bundle's own modules that checks name: what one draws while it is imported
    would otherwise depend on which check is the first.
    """
    files = [*bundle.glob("tests/*.py"), *bundle.glob("hidden/*.py"), *bundle.glob("files/*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    gc.disable()  # looking for garbage is a fifth of the time that imports take
    for name in ("numpy", "torch"):
        if re.search(rf"^\s*(import|from) {name}\b", text, re.MULTILINE):
            importlib.import_module(name)
    gc.enable()
    checks = "\n".join(path.read_text(encoding="utf-8") for path in bundle.glob("tests/*.py"))
    own = {path.stem for part in ("files", "hidden") for path in bundle.glob(f"{part}/*.py")}
    for name in sorted(set(re.findall(r"^\s*(?:import|from) (\w+)", checks, re.MULTILINE)) & own):
        with contextlib.suppress(Exception):  # the check will meet the same, and say so
            importlib.import_module(name)


def _seed_everything(number: int) -> None:
    random.seed(number)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(number)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(number)


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what the host asks for."""
    parser = argparse.ArgumentParser(prog="gradekit.worker", fromfile_prefix_chars="@")
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--submission", type=Path, required=True)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--limits", required=True)
    parser.add_argument("--isolation", choices=("user", "bubblewrap", "none"), required=True)
    parser.add_argument(
        "--attached", action="store_true", help="end when standard input does, with the host"
    )
    parser.add_argument("--recording", type=Path, help="where probes and answers are kept")
    return parser.parse_args(arguments)


def attach() -> None:
    """End this process, and its kernel with it, as soon as the host is gone.

    The host holds the other end of standard input and writes nothing to it.
    """

    def wait() -> None:
        while os.read(0, 1):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def private_output() -> TextIO:
    """Return standard output as a file that no other process can inherit; print goes to staff."""
    report = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return report


def begin(given: argparse.Namespace) -> Bundle:
    """Take on the limits, import what checks use, and return the bundle."""
    if given.attached:
        attach()
    with contextlib.suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (OWN_MEMORY_BYTES, OWN_MEMORY_BYTES))
    bundle = Bundle.load(given.bundle)
    sys.path[:0] = [str(bundle.folder / part) for part in ("files", "hidden")]
    _import_what_checks_draw_from(bundle.folder)
    return bundle


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade one submission and print its outcome."""
    report = private_output()
    server = fork_server.wanted()  # which forks before the first secret is read
    given = options(arguments)
    bundle = begin(given)
    recorder = Recorder(given.recording)
    worker = Worker(
        bundle,
        json.loads(given.submission.read_bytes())["cells"],
        given.seed,
        Limits.from_json(json.loads(given.limits)),
        given.isolation,
        recorder=recorder,
    )
    worker.server = server
    with report:
        json.dump(worker.outcome().to_json(), report)
    recorder.close(bundle, given.seed)
    return 0
