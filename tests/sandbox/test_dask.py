"""Many machines: the same bytes, whatever dies; and nothing but strings goes over the wire."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import psutil
import pytest
from distributed import Client, LocalCluster
from rerun import assert_same, begin, grade, make_class

from gradekit.cli import main
from gradekit.core.errors import GraderError
from gradekit.core.job import Job, Limits
from gradekit.core.marks import Outcome
from gradekit.sandbox import dask_worker
from gradekit.sandbox.dask import Cluster, agreed
from gradekit.sandbox.outcome import parse_outcome

CLASS = 4
JOB = Job(notebook=b'{"cells": []}', seed="00" * 32, limits=Limits())
EMPTY = Outcome(questions=(), notes=("cell 1 was moved",))


class FakeSandbox:
    """Answers every job alike, and remembers them; `close` ends what waits."""

    name, version, environment = "fake", "1", "1"

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.closed = threading.Event()
        self.begun = threading.Event()
        self.waits = False

    def grade(self, job: Job) -> Outcome:
        self.jobs.append(job)
        self.begun.set()
        if self.waits and self.closed.wait(60):
            raise GraderError("the worker was killed")
        return EMPTY

    def close(self) -> None:
        self.closed.set()


@pytest.fixture
def kept() -> Iterator[FakeSandbox]:
    """A sandbox that this process keeps for the run "one"."""
    sandbox = FakeSandbox()
    dask_worker._sandboxes["one"] = sandbox  # type: ignore[assignment]
    yield sandbox
    dask_worker._sandboxes.clear()


def order(path: Path, **change: object) -> str:
    data = {
        "run": "one", "version": "1", "notebook": str(path), "seed": JOB.seed,
        "digest": sha256(JOB.notebook).hexdigest(), "limits": JOB.limits.to_json(),
        "recording": "",
    }  # fmt: skip
    return json.dumps({**data, **change})


def test_a_worker_reads_a_path_and_answers_with_a_report(kept: FakeSandbox, tmp_path: Path) -> None:
    """One string goes there and one comes back; the job is the one that was sent."""
    path = tmp_path / "notebook.json"
    path.write_bytes(JOB.notebook)
    answer = dask_worker.grade(order(path))
    assert type(answer) is str
    assert parse_outcome(json.loads(answer)["outcome"].encode()) == EMPTY
    assert kept.jobs == [JOB]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"digest": "ab" * 32}, "holds something else on this machine"),
        ({"version": "2"}, "another sandbox than those that the run began with"),
        ({"notebook": "/nowhere/x.json"}, "must be shared with all Dask workers"),
        ({"limits": {"cell_seconds": 1, "lies": 2}}, "The Dask worker failed (TypeError"),
    ],
)
def test_what_a_worker_cannot_trust_is_a_sentence(
    kept: FakeSandbox, tmp_path: Path, change: dict[str, object], sentence: str
) -> None:
    """Another file, another sandbox, no file, a wrong order: nothing is graded."""
    path = tmp_path / "notebook.json"
    path.write_bytes(JOB.notebook)
    assert sentence in json.loads(dask_worker.grade(order(path, **change)))["error"]
    assert kept.jobs == []


def test_a_worker_with_another_bundle_says_so(place: Path) -> None:
    """A path means the same only where the same lies there."""
    asked = {"run": "x", "bundle": str(place / "autograder"), "bundle_digest": "0", "sandbox": "no"}
    assert (
        "another bundle lies here" in json.loads(dask_worker.introduce(json.dumps(asked)))["error"]
    )


def test_workers_that_differ_are_refused() -> None:
    """A class is graded by one measure; the sentence names both machines."""
    one = {"name": "docker", "version": "docker 1", "environment": "docker 1 files"}
    assert agreed({"tcp://a": one, "tcp://b": dict(one)}) == one
    with pytest.raises(GraderError, match="tcp://a and tcp://b have different packages or images"):
        agreed({"tcp://a": one, "tcp://b": {**one, "version": "docker 2"}})


@pytest.mark.parametrize("address", ["foo", "127.0.0.1:9"])
def test_an_address_where_nobody_answers_is_one_sentence(address: str, tmp_path: Path) -> None:
    """And the last one: no finalizer of Dask complains when the program ends."""
    program = (
        "from gradekit.sandbox import dask\n"
        "dask.ANSWER_SECONDS = 1.0\n"
        "try:\n"
        f"    dask._connected({address!r})\n"
        "except dask.GraderError as error:\n"
        "    print(error)\n"
    )
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert f"No Dask scheduler answers at {address} (" in done.stdout
    assert '"gradekit cluster" on this machine' in done.stdout
    assert time.monotonic() - started < 15


@contextlib.contextmanager
def running(place: Path, workers: int) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start what `make cluster` starts; yield it and the address it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gradekit", "cluster", "--workers", str(workers), "--port", "0"],
        cwd=place, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().decode().split(",")[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle, a small class, and what they get from this machine alone."""
    folder = make_class(tmp_path_factory.mktemp("place"), CLASS)
    grade(folder, "undisturbed", "--jobs", "1")
    return folder


@pytest.fixture(scope="module")
def three(place: Path) -> Iterator[str]:
    """The address of a scheduler with three workers."""
    with running(place, 3) as (_, address):
        yield address


def dask_workers(address: str) -> list[psutil.Process]:
    """Return the worker processes of a scheduler on this machine."""
    with Client(address, set_as_default=False) as client:
        return [psutil.Process(pid) for pid in client.run(os.getpid).values()]


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.bubblewrap
@pytest.mark.slow
def test_three_workers_give_the_bytes_of_this_machine(place: Path, three: str) -> None:
    """Where a class was graded shows nowhere but in the seconds; nothing is left lying about."""
    grade(place, "dask-3", "--dask", three)
    assert_same(place, "dask-3")
    assert not (place / "dask-3" / ".jobs").exists()


@pytest.mark.bubblewrap
@pytest.mark.slow
def test_what_a_killed_dask_worker_had_is_graded_by_another(place: Path, three: str) -> None:
    """Nobody is ungraded, nobody gets a zero, and the class needs no second run."""
    process = begin(place, "killed", "--dask", three)
    wait_for(lambda: list((place / "killed" / ".jobs").glob("*.json")))
    dask_workers(three)[0].kill()
    _, words = process.communicate(timeout=300)
    assert process.returncode == 0, words.decode()
    assert_same(place, "killed")


@pytest.mark.bubblewrap
@pytest.mark.slow
def test_a_cluster_that_dies_leaves_no_zeroes_and_the_next_run_completes(place: Path) -> None:
    """All that could not be graded says why; a cluster of one then comes to the same bytes."""
    with running(place, 1) as (cluster, address):
        process = begin(place, "dask-1", "--dask", address)
        wait_for(lambda: list((place / "dask-1").glob("s*.json")))
        cluster.kill()
        _, words = process.communicate(timeout=300)
    assert process.returncode == 5, words.decode()
    assert b"run the command again" in words
    table = list(csv.DictReader((place / "dask-1" / "gradebook.csv").open(encoding="utf-8")))
    lost = [row for row in table if row["status"] == "ungraded"]
    assert 0 < len(lost) < len(table) == CLASS
    assert all(row["points"] == "" and "scheduler is gone" in row["reason"] for row in lost)
    with running(place, 1) as (_, address):
        grade(place, "dask-1", "--dask", address)
    assert_same(place, "dask-1")


@pytest.fixture
def scheduler() -> Iterator[LocalCluster]:
    """A scheduler in this process, without workers."""
    with LocalCluster(
        n_workers=0,
        processes=False,
        host="127.0.0.1",
        protocol="tcp",
        dashboard_address="127.0.0.1:0",
    ) as started:
        yield started


def test_a_cluster_without_workers_is_a_sentence(
    scheduler: LocalCluster, place: Path, tmp_path: Path
) -> None:
    """Nobody waits for ever."""
    address = scheduler.scheduler_address
    with pytest.raises(GraderError, match="no worker for 1 s"):
        Cluster(address, "bubblewrap", place / "autograder", tmp_path, patience=1)


@pytest.mark.bubblewrap
def test_closing_ends_what_the_workers_do(
    scheduler: LocalCluster, place: Path, tmp_path: Path
) -> None:
    """Ctrl-C twice reaches the sandboxes over there, and every waiting submission here."""
    scheduler.scale(1)
    address = scheduler.scheduler_address
    with Cluster(address, "bubblewrap", place / "autograder", tmp_path) as cluster:
        assert cluster.threads >= 1
        [run] = dask_worker._sandboxes
        dask_worker._sandboxes[run] = fake = FakeSandbox()  # type: ignore[assignment]
        fake.version, fake.waits = cluster.version, True
        raised: list[GraderError] = []

        def wait() -> None:
            try:
                cluster.grade(replace(JOB, seed="11" * 32))
            except GraderError as error:
                raised.append(error)

        thread = threading.Thread(target=wait)
        thread.start()
        assert fake.begun.wait(60)
        cluster.close()
        thread.join(60)
        assert raised
        assert fake.closed.wait(60)
    dask_worker._sandboxes.clear()


def test_an_address_where_nobody_answers_is_a_sentence(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the address and how to start a scheduler."""
    where = ["--bundle", str(place / "autograder"), "--results", str(tmp_path / "results")]
    assert main(["grade", str(place / "class"), *where, "--dask", "tcp://127.0.0.1:9"]) == 5
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err


def test_students_code_without_isolation_is_kept_from_a_cluster(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a sandbox it could hand the scheduler a task of its own."""
    where = ["--bundle", str(place / "autograder"), "--results", str(tmp_path / "results")]
    arguments = ["--sandbox", "none", "--dask", "tcp://127.0.0.1:9"]
    assert main(["grade", str(place / "class"), *where, *arguments]) == 2
    assert "could speak with the scheduler" in capsys.readouterr().err
