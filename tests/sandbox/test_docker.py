"""The isolation of the container, tried from inside as the student's user."""

from __future__ import annotations

import errno
import json
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gradekit.core.errors import GraderError
from gradekit.core.job import Job, Limits
from gradekit.core.marks import Verdict
from gradekit.sandbox import docker, docker_engine
from gradekit.sandbox.docker import DockerSandbox
from gradekit.sandbox.prepare import cache_root

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = pytest.mark.docker

LIMITS = Limits(total_seconds=60.0, memory_bytes=512 << 20, processes=64, disk_bytes=8 << 20)

# The worker keeps secrets in its environment, an open file and its memory, and
# then starts a student's process as the real worker does: fork, give up root.
WORKER = """
import json, os, pathlib, sys
os.environ["WORKER_SECRET"] = "x"
secret = open("/autograder/source/hidden/holdout.npz")
reading, writing = os.pipe()
child = os.fork()
if child == 0:
    os.setgroups([]); os.setgid(23456); os.setuid(23456)
    with os.fdopen(writing, "w") as out:
        json.dump(student(os.getppid(), secret.fileno()), out)
    os._exit(0)
os.close(writing)
sys.stdout.write(os.fdopen(reading).read())
os.waitpid(child, 0)
"""

STUDENT = """
def attempt(action):
    try:
        return {"result": repr(action())[:2000]}
    except BaseException as error:
        return {"error": f"{type(error).__name__} {getattr(error, 'errno', '')}"}

def student(worker, descriptor):
    import ctypes, os, pathlib, signal, socket, subprocess
    os.close(descriptor)
    read = lambda path: pathlib.Path(path).read_bytes()
    connect = lambda: socket.create_connection(("192.0.2.1", 80), timeout=2)
    return {
        "uid": os.getuid(),
        "worker_uid": os.stat(f"/proc/{worker}").st_uid,
        "checks": attempt(lambda: read("/autograder/source/tests/question.py")),
        "checks_folder": attempt(lambda: os.listdir("/autograder/source")),
        "holdout": attempt(lambda: read("/autograder/source/hidden/holdout.npz")),
        "results": attempt(lambda: os.listdir("/autograder/results")),
        "program": attempt(lambda: read("/autograder/program/gradekit/core/errors.py")),
        "seed": attempt(lambda: read("/autograder/submission/job/arguments")),
        "environment": attempt(lambda: read(f"/proc/{worker}/environ")),
        "descriptors": attempt(lambda: os.listdir(f"/proc/{worker}/fd")),
        "descriptor": attempt(lambda: read(f"/proc/{worker}/fd/{descriptor}")),
        "report": attempt(lambda: open(f"/proc/{worker}/fd/1", "w").write("forged")),
        "memory": attempt(lambda: read(f"/proc/{worker}/mem")),
        "maps": attempt(lambda: read(f"/proc/{worker}/maps")),
        "working_folder": attempt(lambda: os.readlink(f"/proc/{worker}/cwd")),
        "signals": attempt(lambda: os.kill(worker, signal.SIGTERM)),
        "init": attempt(lambda: os.kill(1, signal.SIGTERM)),
        "become_root": attempt(lambda: os.setuid(0)),
        "write_root": attempt(lambda: pathlib.Path("/written").write_text("x")),
        "write_files": attempt(lambda: os.truncate("/autograder/files/helpers.py", 0)),
        "write_packages": attempt(lambda: pathlib.Path("/opt/gradekit/x").write_text("x")),
        "network": attempt(connect),
        "interfaces": os.listdir("/sys/class/net"),
        "devices": attempt(lambda: os.mknod("/tmp/disk", 0o60600, os.makedev(8, 0))),
        "large_file": attempt(lambda: pathlib.Path("/tmp/a").write_bytes(bytes(9 << 20))),
        "disk": attempt(lambda: pathlib.Path("/home/b").write_bytes(bytes(7 << 20)) and
                                pathlib.Path("/home/c").write_bytes(bytes(7 << 20))),
        "visible": attempt(lambda: read("/autograder/files/helpers.py")),
        "home": attempt(lambda: os.mkdir("/home/student", 0o700)),
        "arguments": read(f"/proc/{worker}/cmdline").decode(),
        "status": read("/proc/self/status").decode(),
    }
"""  # fmt: skip

OUT_OF_REACH = [
    "checks", "checks_folder", "holdout", "results", "program", "seed", "environment",
    "descriptors", "descriptor", "report", "memory", "maps", "working_folder", "signals", "init",
    "become_root", "write_root", "write_files", "write_packages", "network", "devices",
    "large_file", "disk",
]  # fmt: skip
EXPECTED = {
    "write_root": errno.EROFS,
    "write_files": errno.EROFS,
    "write_packages": errno.EROFS,
    "network": errno.ENETUNREACH,
    "large_file": errno.EFBIG,
    "disk": errno.ENOSPC,
}


# The same, as a cell of a notebook in the real worker's hands. The first 1500
# characters of a message are enough for the names of what could be reached.
CELL = """
import os, pathlib
def worker_process():
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and entry.name != "1":
            command = (entry / "cmdline").read_bytes()
            if b"gradekit.worker" in command and entry.stat().st_uid == 0:
                return int(entry.name)
def reached(found):
    return sorted(name for name, how in found.items() if isinstance(how, dict) and "result" in how)
found = student(worker_process(), os.open("/dev/null", os.O_RDONLY))
seen = f"{reached(found)} {found['uid']} {found['worker_uid']} {found['interfaces']}"
seen += f" secret in arguments: {'5eed' in found['arguments']}"
"""


def job(notebook: bytes = b'{"cells": []}', limits: Limits = LIMITS) -> Job:
    return Job(notebook=notebook, seed="5eed", limits=limits)


@pytest.fixture(scope="module")
def cache() -> Path:
    """The user's own cache: wheels are collected once."""
    return cache_root()


@pytest.fixture(scope="module")
def sandbox_for(docker_client: DockerClient, secret_bundle: Path, cache: Path) -> Any:
    """Return a function that makes a sandbox whose worker is a piece of Python."""

    def make(code: str) -> DockerSandbox:
        return DockerSandbox(secret_bundle, cache=cache, worker=["python", "-c", code])

    return make


@pytest.fixture(scope="module")
def seen(sandbox_for: Any) -> dict[str, Any]:
    """What the student's user could do in a container."""
    printed = sandbox_for(STUDENT + WORKER).run(job())
    return dict(json.loads(printed))


@pytest.mark.parametrize("what", OUT_OF_REACH)
def test_the_student_cannot(what: str, seen: dict[str, Any]) -> None:
    """Each secret and each way out ends in an error of the operating system."""
    refused = {"PermissionError 1", "PermissionError 13", f"OSError {EXPECTED.get(what)}"}
    assert seen[what].get("error") in refused, seen[what]


def test_the_student_is_another_user_than_the_worker(seen: dict[str, Any]) -> None:
    """Two users: the system itself keeps them apart."""
    assert seen["worker_uid"] == 0
    assert seen["uid"] != 0


def test_the_student_has_what_the_notebook_needs(seen: dict[str, Any]) -> None:
    """The files beside the notebook can be read and a home can be made."""
    assert "VISIBLE" in seen["visible"]["result"]
    assert "result" in seen["home"]


def test_the_network_is_gone(seen: dict[str, Any]) -> None:
    """Only the loopback interface exists, which the kernel's messages need."""
    assert seen["interfaces"] == ["lo"]


def test_the_student_has_no_capability(seen: dict[str, Any]) -> None:
    """Nothing effective, nothing permitted, and no way to gain anything."""
    status = dict(line.split(":\t") for line in seen["status"].splitlines())
    assert int(status["CapEff"], 16) == 0
    assert int(status["CapPrm"], 16) == 0
    assert int(status["CapBnd"], 16) == (1 << 5) | (1 << 6) | (1 << 7)  # KILL, SETGID, SETUID
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"


def test_the_real_worker_lets_a_notebook_reach_nothing_else(
    docker_client: DockerClient, secret_bundle: Path, cache: Path
) -> None:
    """The same attempts, as a cell of a notebook that the real worker runs."""
    cell = {"id": "look", "cell_type": "code", "source": STUDENT + CELL}
    sandbox = DockerSandbox(secret_bundle, cache=cache)
    outcome = sandbox.grade(job(json.dumps({"cells": [cell]}).encode(), Limits(disk_bytes=8 << 20)))
    (mark,) = outcome.questions[0].checks
    assert mark.verdict is Verdict.FAILED
    assert re.search(
        r"\['home', 'visible'\] [2-5]\d{4} 0 \['lo'\] secret in arguments: False", mark.message
    ), mark.message


def test_the_seed_is_not_in_the_arguments_that_everybody_can_read() -> None:
    """The real worker's command names a file; the seed stands in it."""
    assert docker.WORKER[-1].startswith("@/autograder/submission/")


def test_the_arguments_file_holds_what_the_worker_needs(sandbox_for: Any) -> None:
    """One argument a line, as argparse reads them."""
    code = f"print(open('{docker.JOB_FOLDER}/arguments').read())"
    lines = sandbox_for(code).run(job()).decode().split("\n")
    assert "--seed=5eed" in lines
    assert "--isolation=user" in lines
    limits = next(line for line in lines if line.startswith("--limits="))
    assert Limits.from_json(json.loads(limits.partition("=")[2])) == LIMITS


def test_every_limit_shows_in_docker_inspect(sandbox_for: Any, docker_client: DockerClient) -> None:
    """What is enforced can be looked up from outside while it runs."""
    sandbox = sandbox_for("import time; time.sleep(60)")
    running = threading.Thread(target=lambda: _swallow(sandbox), daemon=True)
    running.start()
    host = _wait_for_container(docker_client, sandbox.image).attrs["HostConfig"]
    sandbox.close()
    running.join(20)
    memory = LIMITS.memory_bytes + docker.WORKER_BYTES
    assert not running.is_alive()
    assert host["NetworkMode"] == "none"
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert sorted(host["CapAdd"]) == ["KILL", "SETGID", "SETUID"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert (host["Memory"], host["MemorySwap"]) == (memory, memory)
    assert host["PidsLimit"] == LIMITS.processes + docker.WORKER_PROCESSES
    assert host["NanoCpus"] == 10**9
    assert host["ShmSize"] == LIMITS.disk_bytes
    assert set(host["Tmpfs"]) == {"/tmp", "/home", "/run"}
    assert host["Init"] is True
    assert host["Privileged"] is False
    assert host["RestartPolicy"]["Name"] in {"", "no"}
    assert host["LogConfig"]["Config"]["max-file"] == "1"


def _swallow(sandbox: DockerSandbox) -> None:
    with pytest.raises(GraderError):
        sandbox.run(job())


def _wait_for_container(client: DockerClient, image: str) -> Any:
    for _ in range(100):
        for running in client.containers.list(filters={"ancestor": image}):
            return running
        time.sleep(0.1)
    raise AssertionError("no container appeared")


def test_no_container_is_left_after_a_run(sandbox_for: Any, docker_client: DockerClient) -> None:
    """Success, failure and time-out all clean up."""
    sandbox = sandbox_for("print('{}')")
    sandbox.run(job())
    with pytest.raises(GraderError):
        sandbox_for("raise SystemExit(3)").run(job())
    mine = {"label": docker_engine.LABEL, "ancestor": sandbox.image}
    assert docker_client.containers.list(all=True, filters=mine) == []


def test_a_worker_that_fails_is_our_fault_and_shows_its_last_words(sandbox_for: Any) -> None:
    """The text is for staff, so it may quote standard error."""
    with pytest.raises(GraderError, match=r"code 3.*last words.*the reason"):
        sandbox_for("import sys; sys.stderr.write('the reason'); sys.exit(3)").grade(job())


def test_a_worker_that_runs_out_of_memory_is_our_fault(sandbox_for: Any) -> None:
    """The memory limit holds, and the sentence says that it was the limit."""
    with pytest.raises(GraderError, match="out of memory"):
        sandbox_for("x = b'x' * (2 << 30)").grade(job())


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"questions": 3}', "[" * 100_000])
def test_what_is_no_report_is_our_fault(text: str, sandbox_for: Any) -> None:
    """A garbled report is an ungraded submission, never a crash and never a zero."""
    code = f"import sys; sys.stdout.write({text[:20]!r} * {max(1, len(text) // 20)})"
    with pytest.raises(GraderError, match="cannot be read"):
        sandbox_for(code).grade(job())


def test_a_report_that_is_too_long_is_refused(sandbox_for: Any) -> None:
    """Nothing reads without end what a container prints."""
    with pytest.raises(GraderError, match="longer than 8 MiB"):
        sandbox_for("import sys; sys.stdout.write('x' * (9 << 20))").grade(job())


def test_the_host_stops_a_worker_that_does_not_end(
    sandbox_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host keeps the time, whatever the worker does."""
    monkeypatch.setattr(docker, "GRACE_SECONDS", 1.0)
    start = time.monotonic()
    with pytest.raises(GraderError, match="did not end within 3 s"):
        sandbox_for("while True: pass").grade(job(limits=Limits(total_seconds=2.0)))
    assert time.monotonic() - start < 15


KILLED = """
import os, signal, sys, threading, time
sys.path.insert(0, {tests!r})
from pathlib import Path
from gradekit.sandbox.docker import DockerSandbox, image
from test_docker import job
sandbox = DockerSandbox(Path({bundle!r}), worker=["python", "-c", "import time; time.sleep(60)"])
threading.Thread(target=lambda: sandbox.run(job()), daemon=True).start()
while not sandbox._client.containers.list(filters={{"ancestor": sandbox.image}}):
    time.sleep(0.1)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_next_run_removes_what_a_killed_one_left(
    sandbox_for: Any, docker_client: DockerClient, secret_bundle: Path
) -> None:
    """A container whose gradekit was killed is found by its label."""
    image = sandbox_for("pass").image
    code = KILLED.format(tests=str(Path(__file__).parent), bundle=str(secret_bundle))
    subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    left = {"label": docker_engine.LABEL, "ancestor": image}
    assert len(docker_client.containers.list(filters=left)) == 1
    sandbox_for("pass")
    assert docker_client.containers.list(all=True, filters=left) == []


def test_the_sweep_leaves_containers_of_living_processes_alone(
    sandbox_for: Any, docker_client: DockerClient
) -> None:
    """Two gradekits may work side by side."""
    sandbox = sandbox_for("import time; time.sleep(60)")
    running = threading.Thread(target=lambda: _swallow(sandbox), daemon=True)
    running.start()
    living = _wait_for_container(docker_client, sandbox.image)
    docker_engine.sweep(docker_client)
    living.reload()
    assert living.status == "running"
    sandbox.close()
    running.join(20)


def test_no_engine_is_no_traceback_and_no_long_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing listens the answer is a reason within two seconds."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    start = time.monotonic()
    answer = docker_engine.ask_engine()
    assert answer.client is None
    assert "no engine answers" in answer.reason
    assert time.monotonic() - start < 3
