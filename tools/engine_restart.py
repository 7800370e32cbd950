"""Kill a Docker engine in the middle of a class, start it again, and see the class complete.

    BASE_IMAGE=gradekit-base:bookworm python tools/engine_restart.py

A trial by hand, for root: it starts an engine of its own in a temporary folder, copies
the images there that the machine's engine has, and never touches that one. It prints
what it saw, and exits 1 where a submission got a zero it had not earned, a row was
missing, or the class did not come to the bytes of an undisturbed run.
"""

from __future__ import annotations

import contextlib
import csv
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # for what both share

import docker
import psutil
from rerun import assert_same, begin, make_class

CLASS = 8
HOW = ("--jobs", "2", "--sandbox", "docker")


class Engine:
    """A Docker engine with folders and a socket of its own."""

    def __init__(self, folder: Path) -> None:
        self.host, self._folder = f"unix://{folder}/socket", str(folder)
        self._command = [
            "dockerd", "--iptables=false", "--bridge=none", "--host", self.host,
            "--data-root", str(folder / "data"), "--exec-root", str(folder / "exec"),
            "--pidfile", str(folder / "pid"),
        ]  # fmt: skip
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this process
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and again where it gives up: after a crash its runtime may be slow to come."""
        for _ in range(5):
            self._process = subprocess.Popen(
                self._command, stdout=self._log, stderr=self._log, start_new_session=True
            )
            wait_for(lambda: self.answers() or self._process.poll() is not None)  # type: ignore[union-attr]
            if self._process.poll() is None:
                return
        raise RuntimeError("the engine does not start")

    def tell_why(self) -> None:
        """Print the engine's last words, should it have failed."""
        self._log.seek(max(0, self._log.seek(0, os.SEEK_END) - 1500))
        print(self._log.read().decode(errors="replace") if sys.exc_info()[0] else "")

    def answers(self) -> bool:
        try:
            return bool(docker.DockerClient(self.host).ping())
        except (docker.errors.DockerException, OSError):
            return False

    def kill(self) -> None:
        """Kill the engine; its runtime and the containers go on, as after a crash of it."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End all that was started, and what it mounted."""
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(60)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        mounted = [one.mountpoint for one in psutil.disk_partitions(all=True)]
        for path in sorted((path for path in mounted if path.startswith(self._folder)), key=len):
            subprocess.run(["umount", "--lazy", path], check=False)


def wait_for(what: Callable[[], object], seconds: float = 600) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)


def copy_images(engine: Engine) -> None:
    """Give the new engine the base and the environments that the old one has."""
    names = subprocess.run(
        ["docker", "images", "--format", "{{.Repository}}:{{.Tag}}"],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    wanted = [os.environ["BASE_IMAGE"], *(n for n in names if n.startswith("gradekit-env"))]
    with subprocess.Popen(["docker", "save", *wanted], stdout=subprocess.PIPE) as saved:
        subprocess.run(
            ["docker", "--host", engine.host, "load"], stdin=saved.stdout, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip


def run(place: Path, results: str) -> int:
    process = begin(place, results, *HOW)
    _, words = process.communicate(timeout=1200)
    print(words.decode().strip())
    return process.returncode


def try_it(place: Path, engine: Engine) -> None:
    assert run(place, "undisturbed") == 0
    process = begin(place, "disturbed", *HOW)
    wait_for(lambda: len(list((place / "disturbed").glob("s*.json"))) >= 2)
    engine.kill()
    print("the engine was killed")
    _, words = process.communicate(timeout=1200)
    print(words.decode().strip())
    assert process.returncode == 5
    table = list(csv.DictReader((place / "disturbed" / "gradebook.csv").open(encoding="utf-8")))
    lost = [row for row in table if row["status"] == "ungraded"]
    print(f"{len(table)} rows, {len(lost)} ungraded; one of them: {lost[0]['reason'][:150]}")
    assert len(table) == CLASS
    assert all(row["points"] == "" and row["reason"] for row in lost)
    engine.start()
    print("the engine was started again")
    assert run(place, "disturbed") == 0
    assert_same(place, "disturbed")
    client = docker.DockerClient(engine.host)
    assert not client.containers.list(all=True), "a container was left behind"
    print("the same bytes as undisturbed, and no container left behind")


def main() -> int:
    """Return 0 if a killed engine costs nobody anything."""
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        engine = Engine(Path(folder))
        place = make_class(Path(folder) / "place", CLASS)
        try:
            engine.start()
            copy_images(engine)
            os.environ["DOCKER_HOST"] = engine.host
            try_it(place, engine)
        finally:
            engine.stop()
            engine.tell_why()
    return 0


if __name__ == "__main__":
    sys.exit(main())
