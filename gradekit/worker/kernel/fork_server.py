"""Pay once for what worker and kernel both import, by forking instead of starting anew.

Half of what a submission costs beside its training is imports: torch and the like, in
the worker and again in the kernel. So the container's first process imports them before
it knows anything: no seed, no check, no name of a submission has been read, and there
is one thread. Then it forks. The child, this server, keeps that state and does nothing
but fork kernels out of it when asked, the first one and those that replace a dead one.
The parent goes on as the worker, reads its arguments, and is never forked again.

So a kernel's memory holds what was read before the first secret, and nothing else. It
gives up root, the descriptors and the environment before it reads a byte; from there on
it is the same process that `isolation` starts elsewhere. It cannot ask the server for
anything: the way there is a socket that only the worker holds.

The cost: worker and kernel share one layout of addresses, so a student who finds a flaw in
a library knows where the worker has it (ASLR protects less between the two).

A container is still made for each submission, so this is shared by nobody else.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
import traceback
import types
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NoReturn

from gradekit.worker.kernel import values

VARIABLE = "GRADEKIT_IMPORTS"  # the modules, where the sandbox wants a fork server
ALWAYS = ("ipykernel.kernelapp", "ipykernel.zmqshell", "matplotlib_inline.config")
SETTINGS = "/run/gradekit"  # root's own: Matplotlib wants to write when it is imported
ANSWER_SECONDS = 30.0
MAX_REQUEST = 1 << 16
PR_SET_DUMPABLE = 4


class Forked:
    """A kernel that the server forked; like `subprocess.Popen`, for a process of another's."""

    def __init__(self, server: ForkServer, pid: int, handle: int, pipes: Sequence[int]) -> None:
        self._server, self.pid, self._handle = server, pid, handle
        self._code: int | None = None
        self.stdin: IO[bytes] | None = os.fdopen(pipes[0], "wb")
        self.stdout: IO[bytes] | None = os.fdopen(pipes[1], "rb")
        self.stderr: IO[bytes] | None = os.fdopen(pipes[2], "rb")

    def poll(self) -> int | None:
        """Return None while the process lives, then its exit code."""
        if self._code is None and select.select([self._handle], [], [], 0)[0]:
            self._code = self._server.code(self.pid)
        return self._code

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self) -> int:
        select.select([self._handle], [], [])
        return self.poll() or 0


class ForkServer:
    """The worker's end of the socket to the server."""

    def __init__(self, channel: socket.socket) -> None:
        self._way = channel
        # A server that hangs must not hold up the worker until the host ends both.
        channel.settimeout(ANSWER_SECONDS)

    def fork(self, user: int, environment: Mapping[str, str]) -> Forked:
        """Return a new kernel, which waits on its standard input for its settings.

        Raises
        ------
        OSError
            If the server is gone or cannot fork.
        """
        kernel_ends, worker_ends = zip(*_pipes(), strict=True)
        try:
            request = json.dumps({"user": user, "environment": dict(environment)}).encode()
            socket.send_fds(self._way, [request], kernel_ends)
            answer, handles, _, _ = socket.recv_fds(self._way, 64, 1)
            if not handles:
                raise OSError(f"the fork server gave no process ({answer.decode() or 'it ended'})")
        finally:
            for descriptor in kernel_ends:
                os.close(descriptor)
        return Forked(self, int(answer), handles[0], worker_ends)

    def code(self, pid: int) -> int:
        """Return the exit code of a kernel that has ended; -9 where nobody knows it any more."""
        try:
            self._way.send(json.dumps({"ended": pid}).encode())
            return int(self._way.recv(64))
        except (OSError, ValueError):
            return -signal.SIGKILL


def start_if_requested() -> ForkServer | None:
    """Start a server if the sandbox asks for one; to be called before anything else is done.

    Returns None where nobody asks for one, or where forking would not be safe, because a
    module has started a thread, or there are no handles for processes. Kernels are
    then started anew, which costs time and nothing else.
    """
    names = os.environ.pop(VARIABLE, None)
    if names is None:
        return None
    with _imports_alone():
        _import([*ALWAYS, *names.split()])
    if len(list(Path("/proc/self/task").iterdir())) > 1 or not hasattr(os, "pidfd_open"):
        return None
    # SEQPACKET keeps the borders between messages, so that no length has to be sent along.
    worker_end, server_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        worker_end.close()
        _serve(server_end)
    server_end.close()
    return ForkServer(worker_end)


@contextlib.contextmanager
def _imports_alone() -> Iterator[None]:
    """Import without looking for garbage, of which imports leave none, and write nowhere."""
    Path(SETTINGS).mkdir(mode=0o700, exist_ok=True)
    settings = {"MPLCONFIGDIR": SETTINGS, "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    os.environ.update(settings)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # what stays until the end is not looked at again, nor copied for that
        gc.enable()
        for name in settings:
            del os.environ[name]
        tempfile.tempdir = None


def _import(names: Sequence[str]) -> None:
    """Import what notebooks of this exercise begin with; what cannot be had is left out."""
    before = list(sys.path)
    sys.path.insert(0, "/autograder/files")
    sys.modules["gradekit_values"] = values  # the agent's name for it
    for name in ("gradekit.worker.kernel.agent", *names):
        with contextlib.suppress(Exception):  # the notebook will meet it too, and say so
            importlib.import_module(name)
    sys.path[:] = before


def _pipes() -> Iterator[tuple[int, int]]:
    """Yield (kernel's end, worker's end) of its standard input, output and error."""
    read, write = os.pipe()
    yield read, write
    for _ in range(2):
        read, write = os.pipe()
        yield write, read


def _serve(channel: socket.socket) -> NoReturn:
    """Fork a kernel for each request, or say how one ended, until the worker is gone."""
    try:
        _keep_only(channel.fileno())
        while True:
            request, pipes, _, _ = socket.recv_fds(channel, MAX_REQUEST, 3)
            if not request:
                os._exit(0)
            order = json.loads(request)
            if "ended" in order:
                _, status = os.waitpid(order["ended"], 0)
                channel.send(str(os.waitstatus_to_exitcode(status)).encode())
            else:
                _answer(channel, order, pipes)
            for descriptor in pipes:
                os.close(descriptor)
    finally:
        os._exit(1)


def _answer(channel: socket.socket, request: Mapping[str, Any], pipes: Sequence[int]) -> None:
    pid = os.fork()
    if pid == 0:
        _become_kernel(request, pipes)
    handle = os.pidfd_open(pid)
    socket.send_fds(channel, [str(pid).encode()], [handle])
    os.close(handle)


def _become_kernel(request: Mapping[str, Any], pipes: Sequence[int]) -> NoReturn:
    """Turn this fork of the server into a kernel; what it reads comes from its pipe alone."""
    try:
        # A session of its own, as a kernel has that is started anew.
        os.setsid()
        for number, descriptor in enumerate(pipes):
            os.dup2(descriptor, number)
        # The way to the server is among them: a kernel must not be able to ask for another one.
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        _drop(request["user"])
        os.environ.clear()
        os.environ.update(request["environment"])
        agent = _forget_the_worker()
        with os.fdopen(os.dup(0), "rb") as stdin:
            settings = json.loads(stdin.read())["settings"]
        agent.main(settings)
        os._exit(0)
    except BaseException:  # noqa: BLE001 - whatever it is, it must not go on as the server
        traceback.print_exc()
    finally:
        os._exit(1)


def _drop(user: int) -> None:
    """Become another user, for good; and let its own programs look at it, as at any other."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # root's file, after this
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


def _forget_the_worker() -> Any:
    """Leave the modules that a kernel started anew would have; return the agent."""
    agent = sys.modules["gradekit.worker.kernel.agent"]
    for name in [name for name in sys.modules if name.split(".")[0] == "gradekit"]:
        del sys.modules[name]
    sys.modules["gradekit_agent"] = agent
    sys.modules["__main__"] = types.ModuleType("__main__")
    sys.argv = ["-c"]
    # As in `python -c`, by which the other kernels are started.
    sys.path[0] = ""
    return agent


def _keep_only(number: int) -> None:
    """Close every descriptor but one, and lead the standard streams nowhere."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.closerange(3, number)
    os.closerange(number + 1, os.sysconf("SC_OPEN_MAX"))
