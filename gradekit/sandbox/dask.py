"""The same class on many machines: a sandbox that runs on Dask's workers.

Theory of operation. `grade_class` hands one notebook to a sandbox in each of its
threads and waits; where that sandbox is does not matter to it. This one writes the
cleaned notebook into the results folder, which the workers share, and has Dask call
`dask_worker.grade` with the path. So all that is state stays here with one process: reading
what strangers handed in, the journal with its attempts, the reports. What a worker
takes with it when it dies is one attempt. Dask gives that to another worker; where none
is left the submission is ungraded, with the reason, and the next run grades it.

What is pickled. Dask pickles what it carries. We hand it the name of a function of ours
and one string, and get one string back; both are JSON that our own processes wrote. So
no object of a student's is ever pickled, and nothing that a student wrote is unpickled.
Students' code cannot speak with Dask either: its sandbox has no network. Who else can
reach the scheduler can run code on the workers; docs/many-machines.md says what to do.
"""

from __future__ import annotations

import json
import logging
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from distributed import Client, Future, KilledWorker

from gradekit.core.bundle import Bundle
from gradekit.core.errors import GraderError
from gradekit.core.job import Job, Promise
from gradekit.core.marks import Outcome
from gradekit.sandbox import dask_worker
from gradekit.sandbox.outcome import parse_outcome

ANSWER_SECONDS = 10.0  # a scheduler that is there answers in milliseconds
PATIENCE_SECONDS = 60.0  # without a single worker; a killed one is back within seconds
TICK_SECONDS = 2.0  # between looks at whether there are workers
JOBS = ".jobs"  # cleaned notebooks on their way, in the results folder
LOST = "The Dask scheduler is gone. Start it and its workers, then run the same command again."


class Cluster:
    """One sandbox for a class, of the sandboxes that Dask's workers have.

    Use it as a context. `folder` and `bundle` must be there, under the same path, on
    every worker's machine.

    Raises
    ------
    GraderError
        If no scheduler answers, no worker comes, or the workers do not all have the
        same sandbox.
    """

    def __init__(
        self, address: str, sandbox: str, bundle: Path, folder: Path,
        patience: float = PATIENCE_SECONDS,
    ) -> None:  # fmt: skip
        self._run, self._patience = uuid.uuid4().hex, patience
        self._folder = folder.absolute() / JOBS
        self._order = {
            "run": self._run,
            "sandbox": sandbox,
            "bundle": str(bundle.absolute()),
            "bundle_digest": Bundle.load(bundle).digest,
        }
        logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)  # we say it in sentences
        self._waiting: set[Future] = set()
        self._client = _connected(address)
        try:
            self.workers = self._awaited()
            sandbox_facts = self._introduced()
            self.name, self.version = sandbox_facts["name"], sandbox_facts["version"]
            self.environment = sandbox_facts["environment"]
        except BaseException:
            self._disconnect()
            raise

    def __enter__(self) -> Cluster:
        shutil.rmtree(self._folder, ignore_errors=True)  # what a killed run left
        return self

    def __exit__(self, *_: object) -> None:
        self._disconnect()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def threads(self) -> int:
        """How many submissions the workers can grade at a time."""
        return sum(self.workers.values())

    def grade(self, job: Job) -> Outcome:
        """See `sandbox.Sandbox.grade`."""
        with self._written(job.notebook) as notebook:
            order = {
                **self._order,
                "version": self.version,
                "notebook": str(notebook),
                "digest": sha256(job.notebook).hexdigest(),
                "seed": job.seed,
                "limits": job.limits.to_json(),
                "recording": str(Path(job.recording).absolute()) if job.recording else "",
            }
            answer = self._answer(self._ask(dask_worker.grade, order))
        return parse_outcome(str(answer.get("outcome", "")).encode())

    def check(self) -> tuple[Promise, ...]:
        """Return nothing: each worker tried its own sandbox before it was introduced."""
        return ()

    def close(self) -> None:
        """End what the workers do for this run, so that every `grade` still waiting ends."""
        with suppress(Exception):  # of a cluster that is gone, or goes
            self._client.cancel(list(self._waiting))
            self._client.run(dask_worker.stop, self._run, on_error="ignore")

    def _ask(self, function: Any, order: dict[str, Any], **where: Any) -> Future:
        """Have a worker call one of the functions in `dask_worker`."""
        if self._client.status != "running":
            raise GraderError(LOST)
        key = f"gradekit-{uuid.uuid4().hex}"
        # Not pure: to an equal order Dask would repeat its earlier answer, and a second attempt
        # has to run.
        return self._client.submit(function, json.dumps(order), key=key, pure=False, **where)

    def _answer(self, future: Future) -> dict[str, Any]:
        """Return what a worker answers.

        Raises
        ------
        GraderError
            If that is an error, or nobody is left who could answer.
        """
        self._waiting.add(future)
        try:
            answer: dict[str, Any] = json.loads(self._result(future))
        except CancelledError:
            raise GraderError(LOST) from None
        except (KilledWorker, ValueError) as error:
            raise GraderError(f"Dask gave up: {error}") from None
        finally:
            self._waiting.discard(future)
        if "error" in answer:
            raise GraderError(answer["error"])
        return answer

    def _result(self, future: Future) -> str:
        """Wait for a task as long as there is somebody who may do it."""
        last_manned = time.monotonic()
        while True:
            try:
                return str(future.result(timeout=TICK_SECONDS))
            except TimeoutError:
                last_manned = time.monotonic() if self._manned() else last_manned
                if time.monotonic() - last_manned > self._patience:
                    future.cancel()
                    raise GraderError(_nobody(self._patience)) from None

    def _manned(self) -> bool:
        """Return whether there are workers; nobody knows without a scheduler."""
        with suppress(OSError, RuntimeError, ValueError):
            return bool(self._client.nthreads())
        return False

    def _awaited(self) -> dict[str, int]:
        """Return the threads of each worker, once there is one."""
        deadline = time.monotonic() + self._patience
        while not (threads := self._client.nthreads()):
            if time.monotonic() > deadline:
                raise GraderError(_nobody(self._patience))
            time.sleep(0.2)
        return dict(threads)

    def _introduced(self) -> Mapping[str, str]:
        """Return what the sandbox that every worker has says of itself."""
        futures = {
            worker: self._ask(dask_worker.introduce, self._order, workers=[worker])
            for worker in self.workers
        }
        return agreed({worker: self._answer(future) for worker, future in futures.items()})

    @contextmanager
    def _written(self, notebook: bytes) -> Iterator[Path]:
        """Put a notebook where the workers can read it, under a name of ours."""
        path = self._folder / f"{uuid.uuid4().hex}.json"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            path.write_bytes(notebook)
            yield path
        except OSError as error:
            raise GraderError(f"{path}: cannot be written ({error.strerror}).") from None
        finally:
            path.unlink(missing_ok=True)

    def _disconnect(self) -> None:
        with suppress(Exception):
            self._client.close(timeout=ANSWER_SECONDS)


def agreed(facts: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """Return what the sandbox that all workers have says of itself.

    Raises
    ------
    GraderError
        If two of them differ: a class is graded by one measure.
    """
    first, *other_workers = facts
    for worker in other_workers:
        if facts[worker] != facts[first]:
            names = {facts[first]["name"], facts[worker]["name"]}
            difference = "sandboxes" if len(names) == 2 else "packages or images"
            raise GraderError(
                f"The Dask workers {first} and {worker} have different {difference} "
                f"({' and '.join(sorted(names))}), so they might grade differently. Make them "
                "alike; nothing was graded."
            )
    return facts[first]


class _ClosingClient(Client):  # type: ignore[misc]  # Dask has no types
    """A client that closes itself where nobody answers.

    Dask's own leaves that to its finalizer, which waits for the event loop that the
    interpreter has ended by then, and prints a traceback after 20 seconds.
    """

    def start(self, **kwargs: Any) -> None:
        """Connect, or close what was begun."""
        try:
            super().start(**kwargs)
        except BaseException:
            with suppress(Exception):
                self.close(timeout=TICK_SECONDS)
            raise


def _connected(address: str) -> Client:
    try:
        return _ClosingClient(address, timeout=ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise GraderError(
            f"No Dask scheduler answers at {address} ({str(error)[:200]}). Start one "
            '("gradekit cluster" on this machine), or give its address.'
        ) from None


def _nobody(seconds: float) -> str:
    return (
        f"Dask had no worker for {seconds:.0f} s. Start workers at the same scheduler, "
        "then run the same command again."
    )
