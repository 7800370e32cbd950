"""Try what a sandbox promises before anything is graded in it.

    python -m gradekit.worker.self_check (with the arguments of `gradekit.worker`)

prints one JSON list: what was promised, whether it holds, and what got through. It
runs where the worker runs, under tight limits, and starts a kernel as the worker does;
so what it finds is what a student's code would find. A promise that does not hold
stops grading: scores from a sandbox that leaks are worth nothing.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from gradekit.core.errors import GraderError
from gradekit.core.job import Job, Limits, Promise
from gradekit.worker.kernel import Ended, Environment, ForkServer, Kernel, Stopped, fork_server
from gradekit.worker.process import attach, options, private_output

# Small, so that a look takes a second; they are kept by the same means as larger ones.
LIMITS = Limits(
    cell_seconds=20, call_seconds=10, check_seconds=20, total_seconds=60,
    memory_bytes=1 << 30, processes=24, disk_bytes=8 << 20, output_bytes=1 << 20,
)  # fmt: skip
JOB = Job(notebook=b'{"cells": []}', seed="00" * 32, limits=LIMITS)
LOOP_SECONDS = 0.3
CLOSED = ("/", "/etc", "/usr", "/usr/lib", "/autograder", "/autograder/files", "/var")
SOCKETS = ("/var/run/docker.sock", "/run/docker.sock", "/run/dbus/system_bus_socket")
PROMISES = {  # by the names that `escape_attempts.look` gives them
    "network": "no network",
    "writing": "nothing outside its own folders can be written",
    "secrets": "checks, holdout, seed and results cannot be read",
    "processes of others": "no other process can be read or signalled",
    "rights": "another user, no capabilities, no new privileges",
    "memory": "memory of a process is limited",
    "disk": "home and temporary folders are limited",
    "processes": "the number of processes is limited",
}
TOGETHER = "memory and number of all processes together are limited"


def tried_promises(
    bundle: Path, job: Path, isolation: str, server: ForkServer | None = None
) -> Iterator[Promise]:
    """Yield each promise of an isolation, tried out."""
    with Kernel(isolation, bundle / "files", LIMITS, server) as kernel:
        breaches = _looked(kernel, _targets(bundle, job, isolation))
        for name, promise in PROMISES.items():
            through = breaches.get(name, "no answer") if isinstance(breaches, dict) else "no answer"
            yield Promise(promise=promise, through=str(through))
        yield from _together(kernel.isolation.group_limits(), required=isolation == "user")
        yield _stopped(kernel, "code that takes too long is stopped", "while True: pass",
                       LOOP_SECONDS, Ended.TIME)  # fmt: skip
        flood = "while True: print('x' * 10_000)"
        yield _stopped(kernel, "code that prints too much is stopped", flood,
                       LIMITS.cell_seconds, Ended.OUTPUT)  # fmt: skip


def _looked(kernel: Kernel, targets: dict[str, Any]) -> Any:
    source = (
        resources.files("gradekit.worker")
        .joinpath("escape_attempts.py")
        .read_text(encoding="utf-8")
    )
    kernel.run(f"{source}\n\nseen = look({targets!r})\n", LIMITS.cell_seconds)
    environment = Environment(kernel, LIMITS.call_seconds)
    try:
        environment.begin(LIMITS.check_seconds, 0)
        # Read as any value of a student's: nothing that runs in there is believed by its type.
        return environment.get("seen")
    except Stopped:
        return None


def _targets(bundle: Path, job: Path, isolation: str) -> dict[str, Any]:
    secret = [bundle / "tests", bundle / "hidden", bundle / "manifest.json", *job.parent.iterdir()]
    return {
        "secret": [*map(str, secret), "/autograder/results", *SOCKETS],
        "closed": [*CLOSED, sys.prefix, sys.base_prefix],
        "own init": isolation == "bubblewrap",  # its namespaces' first process is its own
        "uid": os.getuid(),
        "namespace": _user_namespace(),
        "memory": LIMITS.memory_bytes,
        "disk": LIMITS.disk_bytes,
        "processes": LIMITS.processes,
    }


def _user_namespace() -> int:
    try:
        return Path("/proc/self/ns/user").stat().st_ino
    except OSError:
        return 0  # not Linux


def _together(limits: dict[str, int], required: bool) -> Iterator[Promise]:
    """Yield whether all processes together are limited, where that is promised."""
    if limits or required:
        lacking = {"memory", "pids"} - set(limits)
        yield Promise(promise=TOGETHER, through=" and ".join(sorted(lacking)))


def _stopped(kernel: Kernel, promise: str, source: str, seconds: float, expected: Ended) -> Promise:
    ended = kernel.run(source, seconds) if kernel.alive else Ended.DIED
    held = ended in (expected, Ended.DIED)  # a kernel that had to be killed is stopped as well
    return Promise(promise=promise, through="" if held else f"it ended as {ended}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was tried as JSON."""
    report = private_output()
    server = fork_server.start_if_requested()
    chosen = options(arguments)
    if chosen.attached:
        attach()
    tried = tried_promises(chosen.bundle, chosen.submission, chosen.isolation, server)
    promises = [promise.to_json() for promise in tried]
    with report:
        json.dump(promises, report)
    return 0


def parse_promises(text: bytes) -> tuple[Promise, ...]:
    """Return what a self-check printed.

    Raises
    ------
    GraderError
        If it printed something else.
    """
    try:
        return tuple(Promise(**promise) for promise in json.loads(text))
    except (ValueError, TypeError) as error:
        raise GraderError(f"The sandbox's self-check gave no answer ({error!r}).") from None


if __name__ == "__main__":
    sys.exit(main())
