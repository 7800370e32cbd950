"""What student code changed on this machine, although it should not have been able to.

Every attack has a mark, a word of random digits that it puts on all it leaves: in
the command line or environment of its processes, in the names and contents of its
files. So what other programs do on a shared machine is not mistaken for an effect,
and an effect is told to the attack it came from. Where nothing can carry a mark
(bytes of watched folders, mounts, free disk and memory), the machine before the zoo
is compared with the machine after it, with room for the noise of others.

Not seen: what is not looked at. Files are looked for in the temporary folders, in
the upper levels of the home and the working folder, in the packages and in the
watched folders; processes everywhere; connections on one port for each attack.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import socket
import stat
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

from gradekit.sandbox import docker_engine
from gradekit.worker.kernel import FIRST_USER, USERS, control_group

Thing = TypeVar("Thing")

SETTLE_SECONDS = 10.0  # for the system to end what was killed, and to free what it held
DEEP, SHALLOW = 12, 3  # levels of folders looked through
MAX_ENTRIES = 400_000  # of one folder
MAX_BYTES = 4 << 20  # of a file that is searched for a mark
ROOM = {"/dev/shm": 64 << 20}  # noqa: S108 - bytes that others may use meanwhile
ROOM_ELSEWHERE = 4 << 30
# Mounts of other containers, which come and go by themselves.
ENGINES = ("/var/lib/docker", "/run/docker", "/var/lib/containerd", "/run/containerd", "/run/user")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One thing that should not be there; `mark` tells whose it is, where that can be told."""

    what: str
    mark: str = ""


def mark(run: str, number: int) -> str:
    """Return the mark of one attack; `run` is eight random hexadecimal digits."""
    return f"gradekit-mark-{run}{number:04x}"


def _marks(run: str, text: str | bytes) -> Iterator[str]:
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    for found in re.findall(rb"gradekit-mark-%b[0-9a-f]{4}" % run.encode(), data):
        yield found.decode()


class Listener:
    """A port on the host's loopback; whoever reaches it has left the sandbox.

    The system completes connections by itself, so they need only be counted.
    """

    def __enter__(self) -> Listener:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def connections(self) -> int:
        """Return how many connections were made since the last look."""
        for count in range(129):
            try:
                self._socket.accept()[0].close()
            except BlockingIOError:
                return count
        return 129


def survivors(word: str) -> list[Effect]:
    """Return the processes that carry a mark and do not go away; they are ended then."""
    left = _settled(lambda: list(_marked_processes(word)))
    for process, _ in left:
        with contextlib.suppress(psutil.Error):
            process.kill()
    return [
        Effect(what=f"process {process.pid} ({_name(process)}) was still alive", mark=whose)
        for process, whose in left
    ]


def _marked_processes(word: str) -> Iterator[tuple[psutil.Process, str]]:
    """Yield processes whose command line or environment has a word that begins like this."""
    pattern = re.compile(rf"{word}[0-9a-f]*".encode())
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        for name in ("cmdline", "environ"):
            with contextlib.suppress(OSError):
                data = Path(f"/proc/{process.pid}/{name}").read_bytes()
                if found := pattern.search(data):
                    yield process, found[0].decode()
                    break


def _strangers(known: frozenset[tuple[int, float]]) -> list[psutil.Process]:
    """Return processes of users that only gradekit hands out, below no grader at work."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            user = process.uids().real
            alive = process.status() != psutil.STATUS_ZOMBIE
            new = (process.pid, process.create_time()) not in known
            if FIRST_USER <= user < FIRST_USER + USERS and alive and new and not _graded(process):
                found.append(process)
    return found


def _graded(process: psutil.Process) -> bool:
    """Whether a worker stands above a process: another gradekit is grading it right now."""
    return any("-m gradekit" in " ".join(above.cmdline()) for above in process.parents())


def _groups() -> Iterator[Path]:
    """Yield the control groups of workers that no longer live."""
    for hierarchy in control_group.hierarchies():
        for place in hierarchy.places:
            for path in place.glob(f"{control_group.PREFIX}*-*-*"):
                maker = path.name.removeprefix(control_group.PREFIX).split("-")[0]
                if maker.isdigit() and not psutil.pid_exists(int(maker)):
                    yield path


def _name(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except psutil.Error:
        return "gone since"


def _settled(look: Callable[[], list[Thing]]) -> list[Thing]:
    """Look until nothing is found or the time to settle is over; return what was found last."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while (found := look()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """The machine before the zoo."""

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
    def now(cls, *, run: str, watched: Sequence[Path], temporary: Path, engine: bool) -> Host:
        """Look at everything that is compared later."""
        return cls(
            run=run,
            watched=watched,
            temporary=temporary,
            engine=engine,
            digests=_digests(watched),
            processes=frozenset((p.pid, p.create_time()) for p in _strangers(frozenset())),
            groups=frozenset(_groups()),
            mounts=frozenset(_mounts()),
            free=_free(),
            since=time.time() - 1,
        )

    def effects(self) -> list[Effect]:
        """Return what is different now; nothing of ours may be at work meanwhile."""
        return [
            *survivors(mark(self.run, 0)[:-4]),
            *(
                Effect(what=f"process {process.pid} ({_name(process)}) has a student's user")
                for process in _settled(lambda: _strangers(self.processes))
            ),
            *(
                Effect(what=f"control group {path.name} was left behind")
                for path in _settled(lambda: list({*_groups()} - self.groups))
            ),
            *self._files(),
            *self._changed(),
            *self._mounted(),
            *(Effect(what=text) for text in _settled(lambda: list(self._used_up()))),
            *(Effect(what=text) for text in self._containers()),
            *(
                Effect(what=f"left behind: {path.name} in the temporary folder")
                for path in _settled(lambda: list(self.temporary.iterdir()))
            ),
        ]

    def _files(self) -> list[Effect]:
        """Return marked files, each once; what is named after a mark is nobody's, and removed."""
        found = {
            path: whose
            for folder, depth in self._places()
            for path, whose in _marked_files(folder, depth, self.run, self.since)
        }
        for path in found:
            if any(_marks(self.run, path.name)):
                with contextlib.suppress(OSError):
                    path.unlink()
        return [Effect(what=f"file {path}", mark=whose) for path, whose in sorted(found.items())]

    def _places(self) -> Iterator[tuple[Path, int]]:
        for name in ("/tmp", "/var/tmp", "/dev/shm", tempfile.gettempdir()):  # noqa: S108
            yield Path(name), DEEP
        for name in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
            yield Path(name), DEEP
        yield from ((folder, DEEP) for folder in self.watched)
        yield Path.home(), SHALLOW
        yield Path.cwd(), SHALLOW

    def _changed(self) -> Iterator[Effect]:
        now = _digests(self.watched)
        for path in sorted({*self.digests, *now}):
            if self.digests.get(path) != now.get(path):
                how = "changed" if path in self.digests and path in now else "came or went"
                yield Effect(what=f"file {path} {how}")

    def _mounted(self) -> Iterator[Effect]:
        for line in sorted({*_mounts()} - self.mounts):
            whose = next(_marks(self.run, line), "")
            yield Effect(what=f"mount on {line.split()[1]}", mark=whose)

    def _used_up(self) -> Iterator[str]:
        now = _free()
        for name, before in self.free.items():
            lost = before - now.get(name, before)
            if lost > ROOM.get(name, ROOM_ELSEWHERE):
                yield f"{lost / (1 << 30):.1f} GiB less {name} than before"

    def _containers(self) -> Iterator[str]:
        client = docker_engine.engine() if self.engine else None
        if client is not None:
            for found in client.containers.list(
                all=True, filters={"label": docker_engine.LABEL}, ignore_removed=True
            ):
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    if json.loads(found.labels[docker_engine.LABEL])["pid"] == os.getpid():
                        yield f"container {found.name} was left behind"


def _digests(folders: Sequence[Path]) -> dict[Path, str]:
    """Return the SHA-256 of every file in some folders; what Python compiles is not theirs."""
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def _mounts() -> Iterator[str]:
    """Yield the lines of the mounts that do not belong to some container."""
    with contextlib.suppress(OSError):  # not on macOS
        for line in Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines():
            if not line.split()[1].startswith(ENGINES):
                yield line


def _free() -> dict[str, int]:
    """Return the free bytes of memory and of the disks where student code might write."""
    folders = {"/dev/shm", "/", tempfile.gettempdir(), str(Path.home())}  # noqa: S108
    disks = {name: shutil.disk_usage(name).free for name in folders if Path(name).is_dir()}
    return {"memory": psutil.virtual_memory().available, **disks}


def _marked_files(folder: Path, depth: int, run: str, since: float) -> Iterator[tuple[Path, str]]:
    """Yield what has a mark in its name, or changed since then and has one in its content."""
    for entry in _entries(folder, depth):
        found = next(_marks(run, entry.name), None) or _mark_in(entry, run, since)
        if found:
            yield Path(entry.path), found


def _entries(folder: Path, depth: int) -> Iterator[os.DirEntry[str]]:
    """Walk through a folder on one disk, never through a link."""
    waiting = [(str(folder), 0)]
    disk = folder.stat().st_dev if folder.is_dir() else None
    seen = 0
    while waiting and seen < MAX_ENTRIES:
        here, level = waiting.pop()
        with contextlib.suppress(OSError), os.scandir(here) as entries:
            for entry in entries:
                seen += 1
                yield entry
                inner = level < depth and entry.is_dir(follow_symlinks=False)
                if inner and entry.stat(follow_symlinks=False).st_dev == disk:
                    waiting.append((entry.path, level + 1))


def _mark_in(entry: os.DirEntry[str], run: str, since: float) -> str | None:
    """Return the mark in a small file that changed since then; its own date may be forged."""
    with contextlib.suppress(OSError):
        facts = entry.stat(follow_symlinks=False)
        if stat.S_ISREG(facts.st_mode) and facts.st_ctime >= since and facts.st_size <= MAX_BYTES:
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            with os.fdopen(os.open(entry.path, flags), "rb") as file:
                return next(_marks(run, file.read(MAX_BYTES)), None)
    return None
