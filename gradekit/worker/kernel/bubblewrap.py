"""The student's kernel on the bare host, in namespaces of its own.

It sees the interpreter, the packages, `/usr`, the exercise's files and small temporary
file systems; nothing of the host is writable, and there is no network. Root starts it
as another user besides; an ordinary user in a user namespace. Where this user may make
a control group, that holds the memory and the number of all its processes together.

The sockets lie in the kernel's own file system. The worker reaches them through
`/proc/<pid>/root`, so that no folder of the host is shared.
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
from pathlib import Path

from gradekit.core.errors import GraderError
from gradekit.core.job import Limits
from gradekit.worker.kernel import control_group
from gradekit.worker.kernel.isolation import (
    FILES,
    FIRST_USER,
    TEMPORARY,
    USERS,
    Isolation,
    memory_of,
    process_tree,
)

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32")
CONFIGURATION = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "fonts", "localtime", "alternatives")
OWN_PROCESSES = 8  # bubblewrap's own, which its group counts as well


class Bubblewrap(Isolation):
    """Namespaces of its own on the bare host."""

    def __init__(self, files: Path, limits: Limits) -> None:
        super().__init__(files, limits)
        self._inside: int | None = None  # the first process in the namespaces, seen from here
        self._group = control_group.make(
            limits.memory_bytes + limits.disk_bytes,  # what is in its file systems counts as well
            limits.processes + OWN_PROCESSES,
        )

    @property
    def home(self) -> Path:
        return Path("/home/student")

    def visible_files(self) -> Path:
        return FILES

    def start(self) -> subprocess.Popen[bytes]:
        program = shutil.which("bwrap")
        if program is None:
            raise GraderError("bubblewrap is not installed. Install the package bubblewrap.")
        info_read, info_write = os.pipe()
        try:
            options = [*self._namespaces(), "--info-fd", str(info_write)]
            command = [program, *options, "--", *self._dropped()]
            joined = self._group.joining(command) if self._group is not None else command
            process = self._popen(joined, pass_fds=(info_write,))
        finally:
            os.close(info_write)
        with os.fdopen(info_read, "rb") as information:
            self._inside = _child_pid(information.read(4096))
        return process

    def outside_path(self, path: Path) -> Path:
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

    def close(self) -> None:
        super().close()
        if self._group is not None:
            self._group.close()

    def group_limits(self) -> dict[str, int]:
        return self._group.in_force() if self._group is not None else {}

    def memory(self) -> int:
        counted = self._group.used if self._group else lambda: None
        return memory_of(process_tree(self.process), counted)

    def _dropped(self) -> list[str]:
        """Return the command that starts Python, as another user if we are root."""
        if os.geteuid() != 0:
            return self._python()
        user = str(FIRST_USER + secrets.randbelow(USERS))
        return ["setpriv", "--reuid", user, "--regid", user, "--clear-groups", *self._python()]

    def _namespaces(self) -> list[str]:
        size = str(self.limits.disk_bytes)
        arguments = ["--die-with-parent", "--new-session", "--unshare-all", "--hostname", "sandbox"]
        if os.geteuid() == 0:  # a real change of user needs no user namespace
            arguments = [
                "--die-with-parent", "--new-session", "--unshare-ipc", "--unshare-pid",
                "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "sandbox",
                "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID",
            ]  # fmt: skip
        for path in SYSTEM:
            if Path(path).is_symlink():
                arguments += ["--symlink", str(Path(path).readlink()), path]
            else:
                arguments += ["--ro-bind-try", path, path]
        arguments += ["--perms", "0755", "--dir", "/etc"]
        for name in CONFIGURATION:
            arguments += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
        arguments += ["--proc", "/proc", "--dev", "/dev"]
        for folder in TEMPORARY:
            arguments += ["--perms", "1777", "--size", size, "--tmpfs", folder]
        for path in _interpreter():
            arguments += [*_open_parents(path), "--ro-bind", path, path]
        for path in _holdout_origin():
            arguments += ["--tmpfs", path]
        arguments += [*_open_parents(str(FILES)), "--ro-bind", str(self.files), str(FILES)]
        return [*arguments, "--chdir", "/", "--remount-ro", "/"]


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
