"""Drive the student's kernel: run cells, put probes, and end it when it will not.

Theory of operation. There are two processes. The worker holds what decides a mark:
checks, expected values, hidden images, the seed. The kernel holds what the student
wrote, and nothing else: its environment, its files and its memory contain no secret,
so there is nothing in it to find. It starts from text that the worker sends (`agent`,
`values`), or in a container is forked from a process that has read no secret
(`fork_server`), behind walls (`isolation`, `bubblewrap`, `docker`) that were tried
out before the class was begun (`self_check`).

Between the two go Jupyter messages over Unix sockets in the kernel's own file system.
Everything that comes back may have been written by the student, for who owns a process
owns its sockets: so messages are cut off at a size, parsed behind a guard, checked for
the type of each field and matched by our own request number. What they carry is plain
data of exact types and bounded size (`values`) or a number for an object that stays
over there (`environment`). Nothing is unpickled, and nothing is executed on this side.

A mark is decided here (`judging`), from values that a check fetched and compared with
its own. A student's code can answer whatever it likes; to be right, the answer has to
be right. Inputs are drawn from a secret seed, so answers cannot be prepared.

"It has ended" is never believed either. Time is kept here, memory is looked at from
here, and code that does not answer is interrupted, then killed with every process of
its user or its namespaces; the worker starts another kernel. The host keeps its own
time over the worker, so nothing that happens here can hold up a class.
"""

from __future__ import annotations

import contextlib
import json
import math
import secrets
import select
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Any, Protocol

import psutil
import zmq
from jupyter_client.session import Session

from gradekit.core.errors import GraderError
from gradekit.core.job import Limits
from gradekit.worker.kernel.bubblewrap import Bubblewrap
from gradekit.worker.kernel.fork_server import ForkServer
from gradekit.worker.kernel.isolation import Isolation, OtherUser, Unprotected

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
START_SECONDS = 60.0
GREETING_SECONDS = 0.05  # between greetings: the first may come before anybody listens
INTERRUPT_SECONDS = 3.0  # what interrupted code has to come to an end
PATIENCE = 3.0  # times its limit, by which waiting for a core prolongs what runs
TICK_SECONDS = 0.25  # between looks at memory
FULL = 0.95  # of the memory: next comes a MemoryError, from which few recover
CROWDED = 2 / 3  # of the memory: what one cell may leave behind for the next
MAX_FRAME_BYTES = 80 << 20
MAX_HEADER_BYTES = 4 << 10
MAX_CONTENT_BYTES = 1 << 20
MAX_BACKLOG_BYTES = 600 << 20  # by which waiting messages, and parts of some, may swell us
MAX_PRINTED = 4 << 10  # characters of a cell's standard output that are kept, the last ones
MAX_RAISED = 200  # characters of what a cell raised
MAX_WAITING = 16  # messages in memory before the kernel has to wait for us
MAX_MESSAGE_BYTES = 128 << 20
NEVER_MILLISECONDS = 500_000_000  # six days; twice as much has to fit 31 bits
TARGET = "gradekit"
EXITED = "it exited"
KILLED = (-signal.SIGKILL, 128 + signal.SIGKILL)  # the second is what bubblewrap makes of it
ISOLATIONS: dict[str, type[Isolation]] = {
    "user": OtherUser, "bubblewrap": Bubblewrap, "none": Unprotected,
}  # fmt: skip
MODULES = (("gradekit_values", "values.py"), ("gradekit_agent", "agent.py"))


class Ended(StrEnum):
    """How a piece of the student's code came to an end."""

    FINE = "fine"
    RAISED = "raised"
    TIME = "time"  # stopped after its limit, and the kernel lives
    OUTPUT = "output"  # stopped because it printed too much, and the kernel lives
    MEMORY = "memory"  # a MemoryError, and the kernel lives
    DIED = "died"  # the kernel is gone: it exited, was killed, or had to be


class UnansweredError(Exception):
    """A probe had no answer; `how` says why."""

    def __init__(self, how: Ended) -> None:
        super().__init__(how)
        self.how = how


class Answering(Protocol):
    """What answers probes: a kernel, or the recording of one."""

    @property
    def alive(self) -> bool:
        """Whether another probe may be answered."""

    def probe(self, frames: Sequence[bytes], seconds: float) -> list[Any]:
        """See `Kernel.probe`."""


class Kernel:
    """One kernel process behind its walls.

    Use it as a context: leaving it ends every process of the student's.
    """

    def __init__(
        self, isolation: str, files: Path, limits: Limits, server: ForkServer | None = None
    ) -> None:
        self.walls: Isolation = ISOLATIONS[isolation](files, limits)
        self.walls.server = server
        self._limits = limits
        self._session = Session(key=secrets.token_hex(16).encode())
        self._reader = Session(key=b"")  # a signature is worth nothing: the student has the key
        self._context = zmq.Context()
        self._sockets: dict[str, zmq.Socket[bytes]] = {}
        self._comm = secrets.token_hex(8)
        self._probes = 0
        self._own_bytes = psutil.Process().memory_info().rss
        self.alive = False
        self.why_dead = EXITED
        self.printed = self.raised = ""  # by the last cell; whatever a stranger likes

    @property
    def killed(self) -> bool:
        """Whether it died of a SIGKILL that was not ours; the student's code may send one too."""
        process = self.walls.process
        return (
            not self.alive
            and self.why_dead == EXITED
            and process is not None
            and process.poll() in KILLED
        )

    def __enter__(self) -> Kernel:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.alive = False
        with contextlib.suppress(Exception):
            self.walls.close()
        self._context.destroy(linger=0)

    def run(self, source: str, seconds: float, longest: float = math.inf) -> Ended:
        """Run one cell for at most `seconds`.

        Time that it waits for a core is given back to it, up to `PATIENCE` times `seconds`
        and until `longest` is over: a busy machine costs nobody points.
        """
        self.printed = self.raised = ""
        message = self._send("shell", "execute_request", {
            "code": source, "silent": False, "store_history": False,
            "user_expressions": {}, "allow_stdin": False, "stop_on_error": False,
        })  # fmt: skip
        spare = max(min(PATIENCE * seconds, longest - seconds), 0.0)
        ended = self._outcome(message, seconds, spare)
        if self.alive and self.walls.memory() > self._limits.memory_bytes * CROWDED:
            self._die("it used too much memory")  # what it holds would starve later questions
            return Ended.DIED
        return ended

    def probe(self, frames: Sequence[bytes], seconds: float) -> list[Any]:
        """Put one probe to the agent and return the frames of its answer.

        Raises
        ------
        UnansweredError
            If there is none within `seconds`.
        """
        self._probes += 1
        self._send(
            "shell", "comm_msg", {"comm_id": self._comm, "data": {"probe": self._probes}}, frames
        )
        for name, answer in self._messages(seconds):
            if name == "iopub" and _is_answer(answer, self._comm, self._probes):
                return list(answer["buffers"])
        raise UnansweredError(self._stopped() if self.alive else Ended.DIED)

    def _outcome(self, message: str, seconds: float, spare: float) -> Ended:
        printed = 0
        for name, answer in self._messages(seconds, spare):
            if name == "iopub":
                printed += answer["size"]
                self.printed = (self.printed + _printed(answer))[-MAX_PRINTED:]
                if printed > self._limits.output_bytes:
                    ended = self._stopped()
                    return Ended.OUTPUT if ended is Ended.TIME else ended
            elif _replies(answer, message, "execute_reply"):
                self.raised = _raised(answer["content"])
                return _how(answer["content"])
        return self._stopped() if self.alive else Ended.DIED

    def _stopped(self) -> Ended:
        """Interrupt what runs; kill it if that does not help within a few seconds."""
        self._send("control", "interrupt_request", {})
        marker = self._send("shell", "kernel_info_request", {})  # answered when the rest is done
        waiting = {"kernel_info_reply", "status"}  # on both channels: a flood may block one
        for _, answer in self._messages(INTERRUPT_SECONDS):
            waiting -= {kind for kind in waiting if _replies(answer, marker, kind)}
            if not waiting:
                return Ended.TIME
        self._die("it did not react to an interrupt")
        return Ended.DIED

    def _die(self, why: str) -> None:
        self.why_dead, self.alive = why, False
        self.walls.kill()

    def _messages(self, seconds: float, spare: float = 0.0) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield what the kernel sends until time is up or the kernel is gone."""
        poller = zmq.Poller()
        for name in ("shell", "iopub"):
            poller.register(self._sockets[name], zmq.POLLIN)
        names = {self._sockets[name]: name for name in ("shell", "iopub")}
        left = self._clock(seconds, spare)
        looked = 0.0
        while self.alive and (remaining := left()) > 0:
            ready = poller.poll(int(1000 * min(remaining, TICK_SECONDS)))
            for socket, _ in ready:
                message = self._received(socket)
                if message is not None:
                    yield names[socket], message
            if time.monotonic() - looked > TICK_SECONDS:
                self._look_at_health(drained=not ready)
                looked = time.monotonic()

    def _clock(self, seconds: float, spare: float) -> Callable[[], float]:
        """Return a function that says how much is left of a time which begins now.

        Of the time in which the kernel waited for a core, up to `spare` is given back.
        """
        deadline = time.monotonic() + seconds
        before = self.walls.kept_waiting() if spare else 0.0

        def left() -> float:
            late = time.monotonic() - deadline
            if late < 0 or not spare:
                return -late
            return min(self.walls.kept_waiting() - before, spare) - late

        return left

    def _look_at_health(self, drained: bool) -> None:
        if self.walls.memory() > self._limits.memory_bytes * FULL:
            self._die("it used too much memory")
        elif psutil.Process().memory_info().rss > self._own_bytes + MAX_BACKLOG_BYTES:
            self._die("it sent more than could be read")
        elif drained and self.walls.process is not None and self.walls.process.poll() is not None:
            self._die(EXITED)

    def _received(self, socket: zmq.Socket[bytes]) -> dict[str, Any] | None:
        """Return one message, or None where it is not one; whoever wrote it."""
        try:
            frames = socket.recv_multipart(zmq.NOBLOCK)
            size = sum(len(frame) for frame in frames)
            if size > MAX_MESSAGE_BYTES:
                return None
            parts: list[Any] = list(self._reader.feed_identities(frames)[1])
            if any(len(part) > MAX_HEADER_BYTES for part in parts[1:4]):
                return None  # dates in there are parsed one by one
            if len(parts[4]) > MAX_CONTENT_BYTES:
                parts[4] = b"{}"  # a picture or a long text; its size is all that matters
            message = self._reader.deserialize(parts)
            well_formed = all(
                isinstance(message[part], dict) for part in ("header", "parent_header", "content")
            )
            return {**message, "size": size} if well_formed else None
        except Exception:  # noqa: BLE001 - of zmq, json, dates, signatures: the kernel's doing
            return None

    def _send(
        self, channel: str, kind: str, content: dict[str, Any], frames: Sequence[bytes] = ()
    ) -> str:
        message = self._session.msg(kind, content)
        with contextlib.suppress(zmq.ZMQError):  # a full or broken pipe shows as no answer
            self._session.send(
                self._sockets[channel], message, buffers=list(frames) or None, track=False
            )
        return str(message["header"]["msg_id"])

    def _start(self) -> None:
        process = self.walls.start()
        settings = {
            "home": str(self.walls.home),
            "files": str(self.walls.visible_files()),
            "socket": str(self.walls.home / ".k" / "s"),
            "channels": CHANNELS,
            "key": self._session.key.decode(),
            "limits": self._limits.to_json(),
        }
        texts = [(name, _source(file)) for name, file in MODULES]
        with contextlib.suppress(BrokenPipeError):
            assert process.stdin is not None
            process.stdin.write(json.dumps({"modules": texts, "settings": settings}).encode())
            process.stdin.close()
        self._wait_until_ready(process)
        self._connect()

    def _wait_until_ready(self, process: Any) -> None:
        ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
        line = process.stdout.readline() if ready else b""
        if line != b"ready\n":
            process.kill()
            reason = process.stderr.read()[-1500:].decode(errors="replace").strip()
            raise GraderError(f"The student's kernel did not start: {reason or 'no answer'}")
        process.stdout.close()
        process.stderr.close()

    def _connect(self) -> None:
        for name, kind in (("shell", zmq.DEALER), ("control", zmq.DEALER), ("iopub", zmq.SUB)):
            path = self.walls.home / ".k" / f"s-{CHANNELS.index(name) + 1}"
            self._sockets[name] = connected(self._context, kind, self.walls.seen(path))
        self.alive = True
        self._greet()
        self._send("shell", "comm_open", {
            "comm_id": self._comm, "target_name": TARGET, "data": {},
        })  # fmt: skip

    def _greet(self) -> None:
        """Ask until something comes on iopub as well, whose first messages may be missed."""
        deadline = time.monotonic() + START_SECONDS
        while self.alive and time.monotonic() < deadline:
            self._send("shell", "kernel_info_request", {})
            if any(name == "iopub" for name, _ in self._messages(GREETING_SECONDS)):
                return
        raise GraderError("The student's kernel started and did not answer.")


def connected(context: zmq.Context[zmq.Socket[bytes]], kind: int, path: Path) -> zmq.Socket[bytes]:
    """Return a socket that reads what stands at `path` now, and never what stands there later.

    That is a matter of a long interval. Forbidden to connect again, ZeroMQ would drop what
    has arrived as soon as the other side goes away, and end this process if that is
    within a message.
    """
    socket = context.socket(kind)
    socket.setsockopt(zmq.MAXMSGSIZE, MAX_FRAME_BYTES)
    socket.setsockopt(zmq.RCVHWM, MAX_WAITING)
    socket.setsockopt(zmq.RECONNECT_IVL, NEVER_MILLISECONDS)
    socket.setsockopt(zmq.SNDTIMEO, 5000)
    if kind == zmq.SUB:
        socket.setsockopt(zmq.SUBSCRIBE, b"")
    socket.connect(f"ipc://{path}")
    return socket


def _how(content: dict[str, Any]) -> Ended:
    """Return how a cell ended that came to an end by itself."""
    if content.get("status") == "ok":
        return Ended.FINE
    return Ended.MEMORY if content.get("ename") == "MemoryError" else Ended.RAISED


def _printed(answer: dict[str, Any]) -> str:
    """Return what a message prints on standard output."""
    content = answer["content"]
    text = content.get("text") if content.get("name") == "stdout" else None
    return text[-MAX_PRINTED:] if isinstance(text, str) else ""


def _raised(content: dict[str, Any]) -> str:
    """Return type and first line of what a cell raised."""
    kind, text = content.get("ename"), content.get("evalue")
    if not isinstance(kind, str) or not isinstance(text, str):
        return ""
    first = (text[:MAX_RAISED].strip().splitlines() or [""])[0]
    return (f"{kind[:80]}: {first}" if first else kind[:80])[:MAX_RAISED]


def _source(file: str) -> str:
    return resources.files("gradekit.worker.kernel").joinpath(file).read_text(encoding="utf-8")


def _replies(answer: dict[str, Any], request: str, kind: str) -> bool:
    parent, header = answer["parent_header"], answer["header"]
    return bool(parent.get("msg_id") == request and header.get("msg_type") == kind)


def _is_answer(answer: dict[str, Any], comm: str, number: int) -> bool:
    content = answer["content"]
    data = content.get("data")
    return (
        answer["header"].get("msg_type") == "comm_msg"
        and content.get("comm_id") == comm
        and isinstance(data, dict)
        and data.get("probe") == number
    )
