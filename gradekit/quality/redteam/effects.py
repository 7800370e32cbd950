"""What student code changed on this machine, although it should not have been able to.

This is part of the program and not of its tests, because a sandbox depends on the machine
that it runs on: an attack that leaves a process or a file on *your* host is the worst that
`gradekit redteam` can report, and no test on our machines can. Whoever reads it can act:
take the other sandbox, or report it.

What an attack left is recognised by its tag (`tags`). Where nothing can carry a tag
(bytes of watched folders, mounts, free disk and memory), the machine before the attacks
is compared with the machine after them, with a margin for what other programs do.

Limits: files are searched for in the temporary folders, in the upper levels of the home
and the working folder, in the installed packages and in the watched folders; processes
everywhere; connections on one port for each attack. Anything else goes unseen.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

from gradekit.quality.redteam.tags import tag_of, tagged_files, tagged_processes, tags_in
from gradekit.sandbox import docker_engine
from gradekit.worker.kernel import FIRST_USER, USERS, control_group

Leftover = TypeVar("Leftover")

SETTLE_SECONDS = 10.0  # for the system to end what was killed, and to free what it held
BACKLOG = 128  # connections that a listener can count
DEEP, SHALLOW = 12, 3  # levels of folders that are searched
# Bytes that other programs may use meanwhile. They hardly write to shared memory, so an
# attack that fills it is seen early; memory and disks of a busy machine vary by gigabytes.
MARGIN = {"/dev/shm": 64 << 20}  # noqa: S108 - looked at, never written to
MARGIN_ELSEWHERE = 4 << 30
# Mounts of other containers, which come and go by themselves.
ENGINES = ("/var/lib/docker", "/run/docker", "/var/lib/containerd", "/run/containerd", "/run/user")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One change of the host."""

    text: str
    tag: str = ""  # of the attack that caused it; empty if that cannot be told


class Listener:
    """A port on the host's loopback; code that connects to it has left the sandbox.

    The system completes connections by itself up to the backlog, so no thread has to
    accept them: they are counted when the attack has ended.
    """

    def __enter__(self) -> Listener:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def connections(self) -> int:
        """Return how many connections were made since the last call."""
        for count in range(BACKLOG + 1):
            try:
                self._socket.accept()[0].close()
            except BlockingIOError:
                return count
        return BACKLOG + 1


def surviving_processes(tag: str) -> list[Effect]:
    """Return the processes that carry a tag and do not go away; they are then killed.

    A tag without its last digits stands for all attacks of a campaign.
    """
    survivors = _once_settled(lambda: list(tagged_processes(tag)))
    for process, _ in survivors:
        with contextlib.suppress(psutil.Error):
            process.kill()
    return [
        Effect(text=f"process {process.pid} ({_name(process)}) was still alive", tag=own_tag)
        for process, own_tag in survivors
    ]


def _sandbox_processes(before: frozenset[tuple[int, float]]) -> list[psutil.Process]:
    """Return new processes of the users that only gradekit hands out, below no live grader."""
    processes = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            user = process.uids().real
            alive = process.status() != psutil.STATUS_ZOMBIE
            # The number alone is no identity: the system gives it to later processes again.
            is_new = (process.pid, process.create_time()) not in before
            is_student = FIRST_USER <= user < FIRST_USER + USERS
            if is_student and alive and is_new and not _is_being_graded(process):
                processes.append(process)
    return processes


def _is_being_graded(process: psutil.Process) -> bool:
    """Whether a process descends from a worker: another gradekit is grading it right now."""
    return any("-m gradekit" in " ".join(parent.cmdline()) for parent in process.parents())


def _orphaned_groups() -> Iterator[Path]:
    """Yield the control groups of workers that have ended."""
    for hierarchy in control_group.hierarchies():
        for folder in hierarchy.places:
            for path in folder.glob(f"{control_group.PREFIX}*-*-*"):
                worker = path.name.removeprefix(control_group.PREFIX).split("-")[0]
                if worker.isdigit() and not psutil.pid_exists(int(worker)):
                    yield path


def _name(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except psutil.Error:
        return "gone since"


def _once_settled(search: Callable[[], list[Leftover]]) -> list[Leftover]:
    """Search until nothing is left or the time to settle is over; return what is left then.

    A killed process and its memory take a moment to go, which is not an effect.
    """
    deadline = time.monotonic() + SETTLE_SECONDS
    while (leftovers := search()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return leftovers


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSnapshot:
    """The machine before the attacks."""

    run: str
    watched: Sequence[Path]  # folders whose files must keep their bytes
    temporary: Path  # where this gradekit alone puts temporary files
    engine: bool  # whether containers are used
    digests: Mapping[Path, str]
    processes: frozenset[tuple[int, float]]
    groups: frozenset[Path]
    mounts: frozenset[str]
    free: Mapping[str, int]
    since: float

    @classmethod
    def take(
        cls, *, run: str, watched: Sequence[Path], temporary: Path, engine: bool
    ) -> HostSnapshot:
        """Record everything that is compared later."""
        return cls(
            run=run,
            watched=watched,
            temporary=temporary,
            engine=engine,
            digests=_digests(watched),
            processes=frozenset((p.pid, p.create_time()) for p in _sandbox_processes(frozenset())),
            groups=frozenset(_orphaned_groups()),
            mounts=frozenset(_mounts()),
            free=_free_bytes(),
            since=time.time() - 1,  # file systems round times, and may round them down
        )

    def effects(self) -> list[Effect]:
        """Return what is different now; nothing of this campaign may run meanwhile."""
        return [
            *surviving_processes(tag_of(self.run, 0)[:-4]),
            *(
                Effect(text=f"process {process.pid} ({_name(process)}) has a student's user")
                for process in _once_settled(lambda: _sandbox_processes(self.processes))
            ),
            *(
                Effect(text=f"control group {path.name} was left behind")
                for path in _once_settled(lambda: list({*_orphaned_groups()} - self.groups))
            ),
            *self._tagged_files(),
            *self._changed_files(),
            *self._new_mounts(),
            *(Effect(text=text) for text in _once_settled(lambda: list(self._used_up()))),
            *(Effect(text=text) for text in self._remaining_containers()),
            *(
                Effect(text=f"left behind: {path.name} in the temporary folder")
                for path in _once_settled(lambda: list(self.temporary.iterdir()))
            ),
        ]

    def _tagged_files(self) -> list[Effect]:
        """Return each tagged file once; those with a tag in their names are removed.

        Nobody else names a file like that, while a file with a tag in its content may be
        one of the instructor's that an attack wrote into.
        """
        tags = {
            path: tag
            for folder, depth in self._searched_folders()
            for path, tag in tagged_files(folder, depth, self.run, self.since)
        }
        for path in tags:
            if any(tags_in(self.run, path.name)):
                with contextlib.suppress(OSError):
                    path.unlink()
        return [Effect(text=f"file {path}", tag=tag) for path, tag in sorted(tags.items())]

    def _searched_folders(self) -> Iterator[tuple[Path, int]]:
        for name in ("/tmp", "/var/tmp", "/dev/shm", tempfile.gettempdir()):  # noqa: S108
            yield Path(name), DEEP
        for name in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
            yield Path(name), DEEP
        yield from ((folder, DEEP) for folder in self.watched)
        yield Path.home(), SHALLOW
        yield Path.cwd(), SHALLOW

    def _changed_files(self) -> Iterator[Effect]:
        digests = _digests(self.watched)
        for path in sorted({*self.digests, *digests}):
            if self.digests.get(path) != digests.get(path):
                change = "changed" if path in self.digests and path in digests else "came or went"
                yield Effect(text=f"file {path} {change}")

    def _new_mounts(self) -> Iterator[Effect]:
        for line in sorted({*_mounts()} - self.mounts):
            tag = next(tags_in(self.run, line), "")
            yield Effect(text=f"mount on {line.split()[1]}", tag=tag)

    def _used_up(self) -> Iterator[str]:
        free = _free_bytes()
        for name, before in self.free.items():
            used = before - free.get(name, before)
            if used > MARGIN.get(name, MARGIN_ELSEWHERE):
                yield f"{used / (1 << 30):.1f} GiB less {name} than before"

    def _remaining_containers(self) -> Iterator[str]:
        client = docker_engine.engine() if self.engine else None
        if client is not None:
            for container in client.containers.list(
                all=True, filters={"label": docker_engine.LABEL}, ignore_removed=True
            ):
                # The label says which process made a container, so that another gradekit's is
                # not reported. Any program may use the same label, with any text in it.
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    if json.loads(container.labels[docker_engine.LABEL])["pid"] == os.getpid():
                        yield f"container {container.name} was left behind"


def _digests(folders: Sequence[Path]) -> dict[Path, str]:
    """Return the SHA-256 of every file in some folders; bytecode comes and goes with imports."""
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def _mounts() -> Iterator[str]:
    """Yield the lines of the mounts that do not belong to a container engine."""
    with contextlib.suppress(OSError):  # not on macOS
        for line in Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines():
            if not line.split()[1].startswith(ENGINES):
                yield line


def _free_bytes() -> dict[str, int]:
    """Return the free bytes of memory and of the disks where student code might write."""
    folders = {"/dev/shm", "/", tempfile.gettempdir(), str(Path.home())}  # noqa: S108
    disks = {name: shutil.disk_usage(name).free for name in folders if Path(name).is_dir()}
    return {"memory": psutil.virtual_memory().available, **disks}
