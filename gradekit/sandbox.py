"""Where a submission is graded: one seam, and the choice of what stands behind it.

A sandbox takes a cleaned notebook and gives back what a worker found out. Docker
puts the worker and the kernel into a container; the local sandboxes run the worker
here and only the kernel behind walls, or behind none.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Protocol

import psutil

from gradekit import selfcheck
from gradekit.bundle import contents_digest
from gradekit.errors import GraderError
from gradekit.records import Job, Outcome, Tried

GRACE_SECONDS = 120.0  # for imports and for ending kernels, beyond the limits
MAX_REPORT_BYTES = 8 << 20
JOBS = "gradekit-job-"  # how the folders of running jobs begin; the process follows


class Sandbox(Protocol):
    """Something that grades one submission at a time; threads may share it."""

    name: str
    version: str  # of all that decides here how code runs: equal versions give equal grades
    environment: str  # of what the student's code meets: `version` without the checks

    def grade(self, job: Job) -> Outcome:
        """Return what a worker found out.

        Raises
        ------
        GraderError
            If the worker gave no report. Whatever the student's code does, running
            out of time and memory included, is in the report and is no exception.
        """

    def check(self) -> tuple[Tried, ...]:
        """Return what the sandbox promises, each tried out by hostile code.

        Raises
        ------
        GraderError
            If the trial did not come to its end.
        """


class Replaying(Sandbox, Protocol):
    """A sandbox that can also judge what was recorded in one of its kind."""

    def replay(self, job: Job) -> bytes:
        """Return what `gradekit.replay` prints of a batch of recordings; no student's code runs.

        Raises
        ------
        GraderError
            If it did not come to its end.
        """


class LocalSandbox:
    """A worker on this machine; the kernel behind bubblewrap, or behind nothing."""

    def __init__(self, prepared_bundle: Path, isolation: str) -> None:
        self.name = isolation
        self.version = f"{isolation} {installed()}"
        self.environment = f"{self.version} {contents_digest(prepared_bundle / 'files')}"
        self._bundle = prepared_bundle
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        sweep()

    def grade(self, job: Job) -> Outcome:
        """See `Sandbox.grade`."""
        return _outcome(*self._run("gradekit.worker", job))

    def replay(self, job: Job) -> bytes:
        """See `Replaying.replay`."""
        code, printed, words = self._run("gradekit.replay", job)
        if code != 0 or len(printed) > MAX_REPORT_BYTES:
            raise GraderError(f"Judging recordings failed: {words.strip()[-500:]}")
        return printed

    def check(self) -> tuple[Tried, ...]:
        """See `Sandbox.check`."""
        code, printed, words = self._run("gradekit.selfcheck", selfcheck.JOB)
        if code != 0:
            raise GraderError(f"The self-check of {self.name} failed: {words.strip()[-500:]}")
        return selfcheck.read(printed)

    def close(self) -> None:
        """End the workers that still run, and with them their kernels."""
        with self._lock:
            for process in self._running:
                _kill(process)

    def _arguments(self, folder: Path, job: Job) -> Path:
        """Write the worker's arguments to a file, because everybody can read a command line."""
        notebook, arguments = folder / "notebook.json", folder / "arguments"
        notebook.write_bytes(job.notebook)
        lines = [
            f"--bundle={self._bundle}",
            f"--submission={notebook}",
            f"--seed={job.seed}",
            f"--limits={json.dumps(job.limits.to_json())}",
            f"--isolation={self.name}",
            "--attached",
        ]
        lines += [f"--recording={Path(job.recording).absolute()}"] if job.recording else []
        arguments.write_text("\n".join(lines), encoding="utf-8")
        return arguments

    def _run(self, module: str, job: Job) -> tuple[int, bytes, str]:
        """Run a module on a job; its exit code, what it printed, and its last words."""
        with (
            tempfile.TemporaryDirectory(prefix=f"{JOBS}{os.getpid()}-") as folder,
            tempfile.TemporaryFile() as report,
            tempfile.TemporaryFile() as words,
        ):
            arguments = self._arguments(Path(folder), job)
            process = subprocess.Popen(
                # -P: modules that lie in this folder, a student's upload perhaps, are not ours.
                [sys.executable, "-P", "-m", module, f"@{arguments}"],
                stdin=subprocess.PIPE,  # never written to; it ends when this process does
                stdout=report,
                stderr=words,
                env=_environment(arguments.parent),
                start_new_session=True,
            )
            with self._lock:
                self._running.add(process)
            try:
                code = process.wait(job.limits.total_seconds + GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                code = -signal.SIGKILL
            finally:
                _kill(process)
                with self._lock:
                    self._running.discard(process)
            report.seek(0)
            words.seek(max(0, words.seek(0, os.SEEK_END) - 2000))
            return code, report.read(MAX_REPORT_BYTES + 1), words.read().decode(errors="replace")


def sweep() -> None:
    """Remove the job folders of gradekits that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{JOBS}*-*"):
        pid = folder.name.removeprefix(JOBS).split("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)) and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path) -> dict[str, str]:
    """Return the worker's environment: one compute thread, and no file but in its folder."""
    own = {
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",  # the order of a set is part of a probe
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(folder),
    }
    return {**os.environ, **own}


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a worker; bubblewrap ends the kernel with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        process.stdin.close()


def _outcome(code: int, report: bytes, words: str) -> Outcome:
    if code != 0 or len(report) > MAX_REPORT_BYTES:
        raise GraderError(
            f"The worker ended with code {code}, so this submission has no score. "
            f"Its last words, for staff: {words.strip()[-1000:] or '(none)'}"
        )
    try:
        return Outcome.from_json(json.loads(report))
    except (ValueError, KeyError, TypeError) as error:
        raise GraderError(f"The worker's report cannot be read ({error!r}).") from None


@cache
def installed() -> str:
    """Return a digest of this program and of the packages that notebooks run with here."""
    found = sorted(f"{one.name}=={one.version}" for one in metadata.distributions())
    program = sorted(Path(__file__).parent.rglob("*.py"))
    parts = [sys.version.encode(), *map(str.encode, found), *(p.read_bytes() for p in program)]
    return sha256(b"\0".join(sha256(part).digest() for part in parts)).hexdigest()


def ready(sandbox: Replaying, say: Callable[[str], None]) -> Replaying:
    """Return the sandbox after its promises were tried; they are counted, so that all can see it.

    Raises
    ------
    GraderError
        If one of them does not hold, with what got through.
    """
    tried = sandbox.check()
    broken = [f"{one.promise} (what got through: {one.through})" for one in tried if not one.holds]
    if broken:
        raise GraderError(
            f"Nothing was graded: {sandbox.name} does not hold what it promises here: "
            f'{"; ".join(broken)}. "gradekit doctor" shows the whole list.'
        )
    say(f"sandbox: {sandbox.name}; all its {len(tried)} promises were tried, and hold")
    return sandbox


def choose(
    name: str,
    prepared_bundle: Path,
    say: Callable[[str], None] = lambda _: None,
    trial: Callable[[Replaying, Callable[[str], None]], Replaying] = ready,
) -> Replaying:
    """Return the sandbox of that name; `auto` is Docker, else bubblewrap, never none.

    `trial` stands between the sandbox and its use, and tries what it promises.
    Where an engine answers but cannot make the image (no registry, no base image),
    `auto` says so and goes on to bubblewrap.

    Raises
    ------
    GraderError
        If the sandbox is not to be had on this machine.
    """
    if name in ("auto", "docker"):
        from gradekit.container import DockerSandbox, engine  # noqa: PLC0415 - slow to import

        try:
            if name == "docker" or engine() is not None:
                return trial(DockerSandbox(prepared_bundle, say=say), say)
        except GraderError as error:
            if name == "docker" or shutil.which("bwrap") is None:
                raise
            say(f"Docker answers, but cannot grade: {error} Grading behind bubblewrap instead.")
    if name == "none":
        return LocalSandbox(prepared_bundle, "none")
    if shutil.which("bwrap") is None:
        raise GraderError(
            "No sandbox: no Docker engine answers and bubblewrap is not installed. Start Docker, "
            'or install the package bubblewrap; "gradekit doctor" shows what is missing.'
        )
    return trial(LocalSandbox(prepared_bundle, "bubblewrap"), say)
