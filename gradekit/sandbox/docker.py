"""Grade one submission in one Docker container, under limits that the kernel keeps.

Theory of operation. The image holds the bundle and gradekit, readable by root
alone. For each submission a container is made, the cleaned notebook bound into
it, and `python -m gradekit.worker` started as root with hardly a capability:
enough to start the student's kernel under another user and to kill it. The
container has no network, a read-only root and a few small temporary file
systems. Its first process imports what the notebook will, before it reads a
word (`fork_server`), so that worker and kernel pay for that once. The report
comes back on the worker's standard output, which students' processes do not
have. The host keeps the time, and whatever happens the container is removed;
one left over by a killed gradekit is removed by the next.

The seed and the limits travel in a file below a folder of root's, because the
arguments of a process can be read by everybody.
"""

from __future__ import annotations

import json
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from docker.errors import APIError, DockerException
from docker.types import LogConfig, Mount, Ulimit
from requests.exceptions import RequestException

from gradekit.core import program
from gradekit.core.bundle import Bundle, contents_digest
from gradekit.core.errors import GraderError
from gradekit.core.job import Job, Limits, Promise
from gradekit.core.marks import Outcome
from gradekit.sandbox import docker_engine, image
from gradekit.sandbox.outcome import (
    MAX_REPORT_BYTES,
    parse_outcome,
    self_check_failed,
    worker_failed,
)
from gradekit.sandbox.prepare import cache_root
from gradekit.worker import self_check, worker_arguments
from gradekit.worker.kernel import fork_server

GRACE_SECONDS = 30.0  # for the container and the worker's imports, beyond the limits
WORKER_BYTES = 1 << 30  # memory of the worker, beside the student's
WORKER_PROCESSES = 64  # threads count too
INODES = 1 << 16  # files in a temporary file system; each costs memory that no file size shows
JOB_FOLDER = "/autograder/submission/job"
RECORDING_FOLDER = "/autograder/submission/recording"  # below a folder of root's, too
WORKER = ("python", "-m", "gradekit.worker", f"@{JOB_FOLDER}/arguments")
REPLAY = ("python", "-m", "gradekit.worker.replay", f"@{JOB_FOLDER}/arguments")
SELF_CHECK = ("python", "-m", "gradekit.worker.self_check", f"@{JOB_FOLDER}/arguments")

# Start a process under another user (SETUID, SETGID) and end it (KILL).
CAPABILITIES = ("KILL", "SETGID", "SETUID")


class DockerSandbox:
    """One worker in one container for each submission.

    Making a sandbox removes what killed runs left behind and builds the image if
    it is missing. `worker` replaces the worker's command in tests of the isolation.

    Raises
    ------
    GraderError
        If no engine answers or the image cannot be built.
    """

    name = "docker"

    def __init__(
        self,
        prepared_bundle: Path,
        *,
        base_image: str | None = None,
        cache: Path | None = None,
        say: Callable[[str], None] = lambda _: None,
        worker: Sequence[str] = WORKER,
    ) -> None:
        answer = docker_engine.ask_engine()
        if answer.client is None:
            raise GraderError(f"Docker: {answer.reason}. Start it, or use --sandbox bubblewrap.")
        self._client = answer.client
        self._imports = " ".join(Bundle.load(prepared_bundle).imports)
        self._worker = list(worker)
        docker_engine.sweep(self._client)
        self.image = image.ensure_image(
            self._client,
            prepared_bundle,
            base=base_image or image.base_image(),
            cache=cache or cache_root(),
            say=say,
        )
        self.version = f"docker {self.image}"  # whose tag is a digest of all that is in it
        packages = self._client.images.get(self.image).labels.get(image.ENVIRONMENT)
        visible_files = contents_digest(prepared_bundle / "files")
        self.environment = f"docker {packages} {program.digest()} {visible_files}"

    def grade(self, job: Job) -> Outcome:
        """Return what the worker found out about one notebook.

        Raises
        ------
        GraderError
            If the container could not be run to its end in time, the worker failed,
            or what it printed is no report. What the student's code did is never
            such an error.
        """
        return parse_outcome(self.run(job))

    def replay(self, job: Job) -> bytes:
        """See `Replaying.replay`; it runs in the image that the recordings come from."""
        return self.run(job, REPLAY)

    def check(self) -> tuple[Promise, ...]:
        """Return what the container promises, each tried out by hostile code inside."""
        return self_check.parse_promises(self.run(self_check.JOB, SELF_CHECK))

    def close(self) -> None:
        """Remove the containers of this process, so that every `grade` still running ends."""
        own_label = f"{docker_engine.LABEL}={json.dumps(docker_engine.owner())}"
        for container in self._client.containers.list(
            filters={"label": own_label}, ignore_removed=True
        ):
            docker_engine.remove(self._client, container.id)

    def run(self, job: Job, command: Sequence[str] = ()) -> bytes:
        """Run one container and return what its command, by default the worker's, printed."""
        command = command or self._worker
        try:
            with (
                _job_folder(job) as folder,
                self._container(folder, job, command) as container,
            ):
                container.start()
                checks = tuple(command) == SELF_CHECK
                return _finished(container, job.limits.total_seconds + GRACE_SECONDS, checks)
        except (DockerException, RequestException) as error:
            raise GraderError(
                f"Docker failed while grading: {str(error)[:500]}. "
                'Run "gradekit doctor", then grade again.'
            ) from None

    @contextmanager
    def _container(self, folder: Path, job: Job, command: Sequence[str]) -> Iterator[Any]:
        """Make a container, and remove it whatever happens."""
        imports = "" if tuple(command) == SELF_CHECK else self._imports  # it needs no libraries
        name = f"gradekit-{uuid.uuid4().hex}"  # known beforehand: creation may be interrupted
        isolation = _isolation(folder, job.limits, imports)
        isolation["mounts"] += _recordings(folder, job)
        try:
            yield self._client.containers.create(self.image, list(command), name=name, **isolation)
        finally:
            docker_engine.remove(self._client, name)


def _isolation(job: Path, limits: Limits, imports: str) -> dict[str, Any]:
    """Return the options that isolate a container; `docker inspect` shows all of them."""
    memory = limits.memory_bytes + WORKER_BYTES
    disk = f"size={limits.disk_bytes},nr_inodes={INODES},nosuid,nodev,noexec"
    return {
        "user": "0:0",
        "environment": {
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONHASHSEED": "0",
            fork_server.VARIABLE: imports,
        },
        "network_mode": "none",
        "ipc_mode": "private",
        "read_only": True,
        "cap_drop": ["ALL"],
        "cap_add": list(CAPABILITIES),
        "security_opt": ["no-new-privileges:true"],
        "mem_limit": memory,
        "memswap_limit": memory,  # the same number: no swap
        "pids_limit": limits.processes + WORKER_PROCESSES,
        # One core for one submission: the host grades as many at a time as it has cores.
        "nano_cpus": 1_000_000_000,
        "shm_size": limits.disk_bytes,
        "sysctls": {"kernel.shmmax": "1", "kernel.msgmni": "0"},  # segments outlive their makers
        "tmpfs": {
            "/tmp": f"{disk},mode=1777",  # noqa: S108 - inside the container
            "/home": f"{disk},mode=1777",  # the student's user makes its own home
            "/run": "size=1m,nosuid,nodev,noexec,mode=755",
        },
        "mounts": [Mount(JOB_FOLDER, str(job), type="bind", read_only=True)],
        "ulimits": [
            Ulimit(name="core", soft=0, hard=0),
            Ulimit(name="nofile", soft=1024, hard=1024),
            Ulimit(name="fsize", soft=limits.disk_bytes, hard=limits.disk_bytes),
        ],
        "init": True,  # reaps what students' processes leave behind
        "log_config": LogConfig(
            type="json-file", config={"max-size": str(4 * MAX_REPORT_BYTES), "max-file": "1"}
        ),
        "labels": {docker_engine.LABEL: json.dumps(docker_engine.owner())},
    }


@contextmanager
def _job_folder(job: Job) -> Iterator[Path]:
    """Write the job where the engine can mount it and other users cannot look.

    Root in the container is not above file modes, so the files are open and the
    folders around them closed: a private one here, root's own one over there.
    """
    reads = bool(job.recording) and Path(job.recording).is_dir()
    recording = f"{RECORDING_FOLDER}{'' if reads else '/new'}" if job.recording else ""
    arguments = worker_arguments(
        job, "/autograder/source", f"{JOB_FOLDER}/notebook.json", "user", recording=recording
    )
    with TemporaryDirectory(prefix="gradekit-") as private:
        folder = Path(private) / "job"
        folder.mkdir()
        (folder / "notebook.json").write_bytes(job.notebook)
        (folder / "arguments").write_text(arguments, encoding="utf-8")
        for path in (folder / "notebook.json", folder / "arguments"):
            path.chmod(0o444)
        folder.chmod(0o755)
        recordings = Path(private) / "recording"
        recordings.mkdir()
        recordings.chmod(0o777)  # root over there is not above this folder's mode either
        yield folder
        recording_file = recordings / "new"
        if (
            job.recording
            and not reads
            and recording_file.is_file()
            and not recording_file.is_symlink()
        ):
            with suppress(OSError):  # without room there is no recording
                shutil.copyfile(recording_file, job.recording)


def _recordings(folder: Path, job: Job) -> list[Mount]:
    """Return where the worker writes its recording, or reads those of others."""
    if not job.recording:
        return []
    reads = Path(job.recording).is_dir()
    source = Path(job.recording).absolute() if reads else folder.parent / "recording"
    if reads:  # by root over there, who is not above file modes
        source.chmod(source.stat().st_mode | 0o055)
        for path in source.iterdir():
            path.chmod(path.stat().st_mode | 0o044)
    return [Mount(RECORDING_FOLDER, str(source), type="bind", read_only=reads)]


def _finished(container: Any, seconds: float, checks: bool) -> bytes:
    """Wait for the container and return what it printed on standard output."""
    started = time.monotonic()
    try:
        code = container.wait(timeout=seconds)["StatusCode"]
    except RequestException:
        if time.monotonic() - started < seconds - 1:
            raise
        raise GraderError(
            f"The worker did not end within {seconds:.0f} s, so its container was stopped. "
            "Grade this submission again; it has no score."
        ) from None
    try:
        if code == 0:
            return _printed(container)
        raise _failed(container, code, checks)
    except APIError as error:  # an engine under load may have it dead but not buried
        reason = f"The engine lost the container's report ({str(error)[:200]})."
        raise GraderError(reason) from None


def _failed(container: Any, code: int, checks: bool) -> GraderError:
    """Return the error of a worker, or of a self-check, that `checks` says it was."""
    container.reload()
    killed = (
        " after the container ran out of memory" if container.attrs["State"]["OOMKilled"] else ""
    )
    last_words = container.logs(stdout=False, stderr=True, tail=20).decode(errors="replace")
    if checks:
        return self_check_failed("docker", last_words)
    return worker_failed(code, last_words, killed)


def _printed(container: Any) -> bytes:
    report = bytearray()
    for piece in container.logs(stdout=True, stderr=False, stream=True):
        report += piece
        if len(report) > MAX_REPORT_BYTES:
            break  # what is too long is not read to its end
    return bytes(report)
