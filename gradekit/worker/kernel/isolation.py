"""How the student's kernel is started apart from the worker, and ended.

`Isolation` is the seam; `bubblewrap` has a file of its own. Here are the other two.

`user`: in the worker's container, as another user. The worker is root with hardly
a capability, and the kernel a user id nobody else has. The container holds both.

`none`: an ordinary process, for notebooks one trusts.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psutil

from gradekit.core.errors import GraderError
from gradekit.core.job import Limits
from gradekit.worker.kernel import control_group
from gradekit.worker.kernel.fork_server import Forked, ForkServer

FIRST_USER, USERS = 20_000, 40_000  # user ids that no system hands out
TEMPORARY = ("/dev/shm", "/tmp", "/home")  # noqa: S108 - the sandbox's own, writable and small
KILL_SECONDS = 20.0  # for a crowd that forks; one round is mostly enough
MUCH = 512 << 20  # bytes of memory from which it pays to count exactly
FILES = Path("/autograder/files")  # where the exercise's files stand in either sandbox
LAUNCHER = (
    "import json,sys,types\n"
    "p=json.loads(sys.stdin.buffer.read())\n"
    "for n,t in p['modules']:\n"
    " m=sys.modules[n]=types.ModuleType(n);exec(compile(t,'<'+n+'>','exec'),m.__dict__)\n"
    "sys.modules['gradekit_agent'].main(p['settings'])\n"
)


class Isolation(ABC):
    """How one kernel is started, reached, measured and ended."""

    temporary = TEMPORARY[1]  # the kernel's folder for temporary files, as it sees it

    def __init__(self, files: Path, limits: Limits) -> None:
        self.files, self.limits = files, limits
        self.server: ForkServer | None = None  # where there is one, kernels come from it
        self.process: subprocess.Popen[bytes] | Forked | None = None
        self._first: list[psutil.Process] = []  # of the kernel, before it ran a cell

    @property
    @abstractmethod
    def home(self) -> Path:
        """The kernel's home folder, as the kernel sees it."""

    @abstractmethod
    def start(self) -> subprocess.Popen[bytes] | Forked:
        """Start the launcher with pipes for its input and output."""

    @abstractmethod
    def kill(self) -> None:
        """End every process of the student's, whatever it does."""

    def outside_path(self, path: Path) -> Path:
        """Return the path by which the worker reaches a file that the kernel calls `path`."""
        return path

    def visible_files(self) -> Path:
        """Return the folder of the exercise's files, as the kernel sees it."""
        return self.files

    @abstractmethod
    def memory(self) -> int:
        """Return the bytes of memory that the student's processes use."""

    def seconds_without_core(self) -> float:
        """Return the seconds that the kernel was ready to run and waited for a core (schedstat).

        The student's code may add to that, by crowding its own cores. Which processes
        are the kernel's is looked up once, before the first cell: a look takes milliseconds.
        """
        self._first = self._first or process_tree(self.process)
        return max(map(_waited, self._first), default=0.0)

    def group_limits(self) -> dict[str, int]:
        """Return the limits that a control group sets for all the student's processes together."""
        return {}

    def close(self) -> None:
        """Kill, and remove what is left."""
        self.kill()

    def environment(self) -> dict[str, str]:
        """Return the kernel's whole environment; nothing of ours is in it."""
        home = str(self.home)
        return {
            "HOME": home, "USER": "student", "LOGNAME": "student", "LANG": "C.UTF-8",
            "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
            "TMPDIR": self.temporary,
            "IPYTHONDIR": f"{home}/.ipython", "MPLCONFIGDIR": f"{home}/.matplotlib",
            # The order of a set must not differ between two runs of the same code.
            "JUPYTER_RUNTIME_DIR": f"{home}/.k", "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }  # fmt: skip

    def _popen(self, command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env=self.environment(), start_new_session=True, **options,
            )  # fmt: skip
        except OSError as error:
            raise GraderError(f"The student's kernel could not be started ({error}).") from None
        return self.process

    def _python(self) -> list[str]:
        return [sys.executable, "-c", LAUNCHER]


class OtherUser(Isolation):
    """Another user in the worker's own container."""

    def __init__(self, files: Path, limits: Limits) -> None:
        super().__init__(files, limits)
        # Drawn, so that no earlier process of the container can have files or processes under it.
        self._user = FIRST_USER + secrets.randbelow(USERS)
        self._home = Path("/home") / secrets.token_hex(8)  # which nobody can have made before

    @property
    def home(self) -> Path:
        return self._home

    def visible_files(self) -> Path:
        return FILES

    def start(self) -> subprocess.Popen[bytes] | Forked:
        if self.server is None:
            return self._popen(self._python(), **self._identity(), cwd="/")
        try:
            self.process = self.server.fork(self._user, self.environment())
        except OSError as error:
            raise GraderError(f"The student's kernel could not be forked ({error}).") from None
        return self.process

    def memory(self) -> int:
        return memory_of(self._living(), self._counted)

    def _counted(self) -> int | None:
        """Return what the container's group holds, less the worker's own part."""
        held = control_group.own().used()
        return None if held is None else held - int(psutil.Process().memory_info().rss)

    def group_limits(self) -> dict[str, int]:
        return control_group.own().in_force()  # the container's, which the worker shares

    def kill(self) -> None:
        """Stop and then kill every process of the student's user, until there is none.

        That is done from outside: a process of the user's own, which could kill all of
        them at once, could itself be held up by any of them.
        """
        deadline = time.monotonic() + KILL_SECONDS
        while time.monotonic() < deadline and (living := self._living()):
            for number in (signal.SIGSTOP, signal.SIGKILL):  # what is stopped forks no more
                for process in living:
                    with contextlib.suppress(psutil.Error):
                        process.send_signal(number)
            if self.process is not None:
                self.process.poll()

    def close(self) -> None:
        """Kill, and empty the temporary file systems of this user's files.

        Only the user may do that, and there is nobody left who could meddle with it.
        """
        super().close()
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run(
                ["find", *TEMPORARY, "-xdev", "-user", str(self._user), "-delete"],
                check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env={"PATH": "/usr/bin:/bin"}, cwd="/",
                timeout=KILL_SECONDS, **self._identity(),
            )  # fmt: skip

    def _living(self) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if _user_of(process) == self._user]

    def _identity(self) -> dict[str, Any]:
        return {"user": self._user, "group": self._user, "extra_groups": []}


class Unprotected(Isolation):
    """No isolation at all: an ordinary process of the same user."""

    def __init__(self, files: Path, limits: Limits) -> None:
        super().__init__(files, limits)
        self._folder = tempfile.TemporaryDirectory(prefix="gradekit-", ignore_cleanup_errors=True)
        self.temporary = f"{self._folder.name}/.k"

    @property
    def home(self) -> Path:
        return Path(self._folder.name)

    def start(self) -> subprocess.Popen[bytes]:
        return self._popen(self._python())

    def kill(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def memory(self) -> int:
        return memory_of(process_tree(self.process))

    def close(self) -> None:
        super().close()
        self._folder.cleanup()


def process_tree(process: subprocess.Popen[bytes] | Forked | None) -> list[psutil.Process]:
    """Return a process and its descendants."""
    try:
        top = psutil.Process(process.pid) if process is not None else None
        return [top, *top.children(recursive=True)] if top is not None else []
    except psutil.Error:
        return []


def _waited(process: psutil.Process) -> float:
    try:
        return int(Path(f"/proc/{process.pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):  # gone, or a system that does not count it
        return 0.0


def memory_of(
    processes: Iterable[psutil.Process], counted: Callable[[], int | None] = lambda: None
) -> int:
    """Return the bytes that all hold, or those that one asked for, if that is more.

    What one asked for counts because its limit counts it. Pages that a child shares with
    its parent are in here twice; so a large sum is compared with what `counted` says, the
    count of a control group that has each page once.
    """
    held = requested = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            memory = process.memory_info()
            held, requested = held + memory.rss, max(requested, memory.data)
    if held > MUCH and (exact := counted()) is not None:
        held = min(held, exact)
    return int(max(held, requested))


def _user_of(process: psutil.Process) -> int:
    try:
        return int(process.uids().real) if process.status() != psutil.STATUS_ZOMBIE else -1
    except psutil.Error:
        return -1
