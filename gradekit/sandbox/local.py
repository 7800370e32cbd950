"""A worker on this machine; the student's kernel isolated by bubblewrap, or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

import psutil

from gradekit.core import program
from gradekit.core.bundle import contents_digest
from gradekit.core.errors import GraderError
from gradekit.core.job import Job, Promise
from gradekit.core.marks import Outcome
from gradekit.sandbox.outcome import (
    MAX_REPORT_BYTES,
    parse_outcome,
    self_check_failed,
    worker_failed,
)
from gradekit.sandbox.sandbox import longest_run
from gradekit.worker import self_check, worker_arguments


def cores() -> int:
    """Return how many submissions this machine can grade at a time."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1


JOBS = "gradekit-job-"  # how the folders of running jobs begin; the process follows


class LocalSandbox:
    """Grades with a worker process on this machine."""

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
        code, printed, last_words = self._run("gradekit.worker", job)
        if code != 0:
            raise worker_failed(code, last_words)
        return parse_outcome(printed)

    def replay(self, job: Job) -> bytes:
        """See `Replaying.replay`."""
        code, printed, words = self._run("gradekit.worker.replay", job)
        if code != 0 or len(printed) > MAX_REPORT_BYTES:
            raise GraderError(f"Judging recordings failed: {words.strip()[-500:]}")
        return printed

    def check(self) -> tuple[Promise, ...]:
        """See `Sandbox.check`."""
        code, printed, words = self._run("gradekit.worker.self_check", self_check.JOB)
        if code != 0:
            raise self_check_failed(self.name, words)
        return self_check.parse_promises(printed)

    def close(self) -> None:
        """End the workers that still run, and with them their kernels."""
        with self._lock:
            for process in self._running:
                _kill(process)

    def _arguments(self, folder: Path, job: Job) -> Path:
        """Write the worker's arguments to a file, because everybody can read a command line."""
        notebook, arguments = folder / "notebook.json", folder / "arguments"
        notebook.write_bytes(job.notebook)
        recording = str(Path(job.recording).absolute()) if job.recording else ""
        text = worker_arguments(
            job, str(self._bundle), str(notebook), self.name, recording=recording, attached=True
        )
        arguments.write_text(text, encoding="utf-8")
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
                # Ctrl-C on the terminal reaches this process alone, which lets those that run
                # finish.
                start_new_session=True,
            )
            with self._lock:
                self._running.add(process)
            try:
                code = process.wait(longest_run(job.limits))
            except subprocess.TimeoutExpired:
                # As if somebody had killed it, which happens below.
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
        # Everybody may write there, so a link of such a name may lead anywhere.
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


@cache
def installed() -> str:
    """Return a digest of this program and of the packages that notebooks run with here."""
    distributions = [
        distribution for distribution in metadata.distributions() if distribution.name != "gradekit"
    ]
    packages = sorted(
        f"{distribution.name}=={distribution.version}" for distribution in distributions
    )
    facts = [sys.version.encode(), *map(str.encode, packages), program.digest().encode()]
    return sha256(b"\0".join(sha256(fact).digest() for fact in facts)).hexdigest()
