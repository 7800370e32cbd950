"""Three ways to start the student's kernel apart from the worker.

`user`: in the worker's container, as another user. The worker is root with hardly
a capability, and the kernel a user id nobody else has.

`bubblewrap`: on the bare host, in mount, process, network, IPC and host-name
namespaces of its own. It sees the interpreter, the packages, `/usr`, the
exercise's files and small temporary file systems; nothing of the host is writable.
Root starts it as another user besides; an ordinary user in a user namespace.

`none`: an ordinary process, for notebooks one trusts.

The sockets lie in the kernel's own file system. Under bubblewrap the worker reaches
them through `/proc/<pid>/root`, so that no folder of the host is shared.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psutil

from gradekit.errors import GraderError
from gradekit.records import Limits

FIRST_USER, USERS = 20_000, 40_000  # user ids that no system hands out
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32")
CONFIGURATION = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "fonts", "localtime", "alternatives")
TEMPORARY = ("/dev/shm", "/tmp", "/home")  # noqa: S108 - the sandbox's own, writable and small
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

    def __init__(self, files: Path, limits: Limits) -> None:
        self.files, self.limits = files, limits
        self.process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def home(self) -> Path:
        """The kernel's home folder, as the kernel sees it."""

    @abstractmethod
    def start(self) -> subprocess.Popen[bytes]:
        """Start the launcher with pipes for its input and output."""

    @abstractmethod
    def kill(self) -> None:
        """End every process of the student's, whatever it does."""

    def seen(self, path: Path) -> Path:
        """Return where the worker finds a file that the kernel calls `path`."""
        return path

    def visible_files(self) -> Path:
        """Return the folder of the exercise's files, as the kernel sees it."""
        return self.files

    @abstractmethod
    def memory(self) -> int:
        """Return the bytes of memory that the student's processes use."""

    def close(self) -> None:
        """Kill, and remove what is left."""
        self.kill()

    def environment(self) -> dict[str, str]:
        """Return the kernel's whole environment; nothing of ours is in it."""
        home = str(self.home)
        return {
            "HOME": home, "USER": "student", "LOGNAME": "student", "LANG": "C.UTF-8",
            "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
            "TMPDIR": f"{home}/.k" if isinstance(self, Unprotected) else TEMPORARY[1],
            "IPYTHONDIR": f"{home}/.ipython", "MPLCONFIGDIR": f"{home}/.matplotlib",
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
        self._user = FIRST_USER + secrets.randbelow(USERS)

    @property
    def home(self) -> Path:
        return Path("/home") / f"s{self._user}"

    def visible_files(self) -> Path:
        return FILES

    def start(self) -> subprocess.Popen[bytes]:
        return self._popen(self._python(), **self._identity(), cwd="/")

    def memory(self) -> int:
        return _used(p for p in psutil.process_iter() if _user_of(p) == self._user)

    def kill(self) -> None:
        """Have a process of the student's user kill everything that user may kill."""
        code = "import os; os.kill(-1, 9)"
        for _ in range(20):  # a fork may slip through one round, not through twenty
            subprocess.run([sys.executable, "-IS", "-c", code], check=False, **self._identity())
            if self.process is not None:
                self.process.poll()
            if not any(_user_of(process) == self._user for process in psutil.process_iter()):
                return

    def _identity(self) -> dict[str, Any]:
        return {"user": self._user, "group": self._user, "extra_groups": []}


class Bubblewrap(Isolation):
    """Namespaces of its own on the bare host."""

    def __init__(self, files: Path, limits: Limits) -> None:
        super().__init__(files, limits)
        self._inside: int | None = None  # the first process in the namespaces, seen from here

    @property
    def home(self) -> Path:
        return Path("/home/student")

    def visible_files(self) -> Path:
        return FILES

    def start(self) -> subprocess.Popen[bytes]:
        program = shutil.which("bwrap")
        if program is None:
            raise GraderError("bubblewrap is not installed. Install the package bubblewrap.")
        told, tell = os.pipe()
        try:
            command = [program, *self._walls(), "--info-fd", str(tell), "--", *self._dropped()]
            process = self._popen(command, pass_fds=(tell,))
        finally:
            os.close(tell)
        with os.fdopen(told, "rb") as information:
            self._inside = _child_pid(information.read(4096))
        return process

    def seen(self, path: Path) -> Path:
        return Path(f"/proc/{self._inside}/root{path}")

    def kill(self) -> None:
        """Kill the namespaces' first process, and so all of them."""
        if self._inside is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._inside, signal.SIGKILL)
            self._inside = None
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def memory(self) -> int:
        return _tree_memory(self.process)

    def _dropped(self) -> list[str]:
        """Return the command that starts Python, as another user if we are root."""
        if os.geteuid() != 0:
            return self._python()
        user = str(FIRST_USER + secrets.randbelow(USERS))
        return ["setpriv", "--reuid", user, "--regid", user, "--clear-groups", *self._python()]

    def _walls(self) -> list[str]:
        size = str(self.limits.disk_bytes)
        walls = ["--die-with-parent", "--new-session", "--unshare-all", "--hostname", "sandbox"]
        if os.geteuid() == 0:  # a real change of user needs no user namespace
            walls = [
                "--die-with-parent", "--new-session", "--unshare-ipc", "--unshare-pid",
                "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "sandbox",
                "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID",
            ]  # fmt: skip
        for path in SYSTEM:
            if Path(path).is_symlink():
                walls += ["--symlink", str(Path(path).readlink()), path]
            else:
                walls += ["--ro-bind-try", path, path]
        walls += ["--perms", "0755", "--dir", "/etc"]
        for name in CONFIGURATION:
            walls += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
        walls += ["--proc", "/proc", "--dev", "/dev"]
        for folder in TEMPORARY:
            walls += ["--perms", "1777", "--size", size, "--tmpfs", folder]
        for path in _interpreter():
            walls += [*_open_parents(path), "--ro-bind", path, path]
        for path in _holdout_origin():
            walls += ["--tmpfs", path]
        walls += [*_open_parents(str(FILES)), "--ro-bind", str(self.files), str(FILES)]
        return [*walls, "--chdir", "/", "--remount-ro", "/"]


class Unprotected(Isolation):
    """No walls at all."""

    def __init__(self, files: Path, limits: Limits) -> None:
        super().__init__(files, limits)
        self._folder = tempfile.TemporaryDirectory(prefix="gradekit-", ignore_cleanup_errors=True)

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
        return _tree_memory(self.process)

    def close(self) -> None:
        super().close()
        self._folder.cleanup()


ISOLATIONS: dict[str, type[Isolation]] = {
    "user": OtherUser, "bubblewrap": Bubblewrap, "none": Unprotected,
}  # fmt: skip


def _child_pid(text: bytes) -> int:
    try:
        return int(json.loads(text)["child-pid"])
    except (ValueError, KeyError, TypeError):
        raise GraderError(
            'bubblewrap could not make the namespaces. Run "gradekit doctor" to see why.'
        ) from None


def _interpreter() -> list[str]:
    """Return the folders the kernel needs to run Python with our packages."""
    folders = {sys.prefix, sys.base_prefix, str(Path(os.path.realpath(sys.executable)).parents[1])}
    return sorted(f for f in folders if not f.startswith("/usr") or f.startswith("/usr/local"))


def _open_parents(path: str) -> list[str]:
    """Return arguments that make the folders above a mount, for everybody to pass through."""
    above = [str(parent) for parent in reversed(Path(path).parents)][1:]
    return [word for parent in above for word in ("--perms", "0755", "--dir", parent)]


def _holdout_origin() -> list[str]:
    """Return folders to hide: the scans from which an exercise may have cut its holdout."""
    patterns = ("lib/python*/site-packages/sklearn/datasets",)
    return [str(p) for pattern in patterns for p in Path(sys.prefix).glob(pattern)]


def _tree_memory(process: subprocess.Popen[bytes] | None) -> int:
    try:
        top = psutil.Process(process.pid) if process is not None else None
        return _used([top, *top.children(recursive=True)]) if top is not None else 0
    except psutil.Error:
        return 0


def _used(processes: Iterable[psutil.Process]) -> int:
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            found = process.memory_info()
            total += max(found.rss, found.data)  # asked for counts, as it does for the limit
    return total


def _user_of(process: psutil.Process) -> int:
    try:
        return int(process.uids().real) if process.status() != psutil.STATUS_ZOMBIE else -1
    except psutil.Error:
        return -1
