"""Drive the student's kernel: run cells, put probes, and end it when it will not.

Theory of operation. There are two processes. The worker holds what decides a mark:
checks, expected values, hidden images, the seed. The kernel holds what the student
wrote, and nothing else: its environment, its files and its memory contain no secret,
so there is nothing in it to find. It starts from text that the worker sends (`agent`,
`values`), or in a container is forked from a process that has read no secret
(`fork_server`), in an isolation (`isolation`, `bubblewrap`, `docker`) whose promises
were tried before the class was begun (`self_check`).

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
from importlib import resources
from pathlib import Path
from typing import Any

import psutil
import zmq

from gradekit.core.errors import GraderError
from gradekit.core.job import Limits
from gradekit.worker.kernel.answering import Ended, UnansweredError
from gradekit.worker.kernel.bubblewrap import Bubblewrap
from gradekit.worker.kernel.fork_server import ForkServer
from gradekit.worker.kernel.isolation import Isolation, OtherUser, Unprotected
from gradekit.worker.kernel.messages import (
    MAX_PRINTED,
    Channels,
    Message,
    answers_probe,
    how_it_ended,
    printed_text,
    raised_text,
    replies_to,
)
from gradekit.worker.kernel.values import TARGET

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
START_SECONDS = 60.0
GREETING_SECONDS = 0.05  # between greetings: the first may come before anybody listens
INTERRUPT_SECONDS = 3.0  # what interrupted code has to come to an end
PATIENCE = 3.0  # times its limit, by which waiting for a core prolongs what runs
TICK_SECONDS = 0.25  # between looks at memory
FULL = 0.95  # of the memory: next comes a MemoryError, from which few recover
CROWDED = 2 / 3  # of the memory: what one cell may leave behind for the next
MAX_BACKLOG_BYTES = 600 << 20  # by which waiting messages, and parts of some, may swell us
EXITED = "it exited"
KILLED = (-signal.SIGKILL, 128 + signal.SIGKILL)  # the second is what bubblewrap makes of it
ISOLATIONS: dict[str, type[Isolation]] = {
    "user": OtherUser, "bubblewrap": Bubblewrap, "none": Unprotected,
}  # fmt: skip
MODULES = (("gradekit_values", "values.py"), ("gradekit_agent", "agent.py"))


class Kernel:
    """One kernel process in its isolation.

    Use it as a context: leaving it ends every process of the student's.
    """

    def __init__(
        self, isolation: str, files: Path, limits: Limits, server: ForkServer | None = None
    ) -> None:
        self.isolation: Isolation = ISOLATIONS[isolation](files, limits)
        self.isolation.server = server
        self._limits = limits
        self._channels = Channels()
        self._comm = secrets.token_hex(8)
        self._probes = 0
        # Measured before the first message, so that what is added later are messages that wait.
        self._own_bytes = psutil.Process().memory_info().rss
        self.alive = False
        self.why_dead = EXITED
        self.printed = self.raised = ""  # by the last cell; whatever a stranger likes

    @property
    def killed(self) -> bool:
        """Whether it died of a SIGKILL that was not ours; the student's code may send one too."""
        process = self.isolation.process
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
            self.isolation.close()
        self._channels.close()

    def run(self, source: str, seconds: float, longest: float = math.inf) -> Ended:
        """Run one cell for at most `seconds`.

        Time that it waits for a core is given back to it, up to `PATIENCE` times `seconds`
        and until `longest` is over: a busy machine costs nobody points.
        """
        self.printed = self.raised = ""
        request = self._channels.send("shell", "execute_request", {
            "code": source, "silent": False, "store_history": False,
            "user_expressions": {}, "allow_stdin": False, "stop_on_error": False,
        })  # fmt: skip
        spare = max(min(PATIENCE * seconds, longest - seconds), 0.0)
        ended = self._outcome(request, seconds, spare)
        if self.alive and self.isolation.memory() > self._limits.memory_bytes * CROWDED:
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
        content = {"comm_id": self._comm, "data": {"probe": self._probes}}
        self._channels.send("shell", "comm_msg", content, frames)
        for channel, message in self._messages(seconds):
            if channel == "iopub" and answers_probe(message, self._comm, self._probes):
                return list(message["buffers"])
        raise UnansweredError(self._stopped() if self.alive else Ended.DIED)

    def _outcome(self, request: str, seconds: float, spare: float) -> Ended:
        """Wait for the end of a cell; stop it if it takes too long or prints too much."""
        output_bytes = 0
        for channel, message in self._messages(seconds, spare):
            if channel == "iopub":
                output_bytes += message["size"]
                self.printed = (self.printed + printed_text(message))[-MAX_PRINTED:]
                if output_bytes > self._limits.output_bytes:
                    ended = self._stopped()
                    return Ended.OUTPUT if ended is Ended.TIME else ended
            elif replies_to(message, request, "execute_reply"):
                self.raised = raised_text(message)
                return how_it_ended(message)
        return self._stopped() if self.alive else Ended.DIED

    def _stopped(self) -> Ended:
        """Interrupt what runs; kill it if that does not help within a few seconds."""
        self._channels.send("control", "interrupt_request", {})
        # The shell answers in order, so this is answered once what was interrupted has ended.
        marker = self._channels.send("shell", "kernel_info_request", {})
        expected = {"kernel_info_reply", "status"}  # on both channels: a flood may block one
        for _, message in self._messages(INTERRUPT_SECONDS):
            expected -= {kind for kind in expected if replies_to(message, marker, kind)}
            if not expected:
                return Ended.TIME
        self._die("it did not react to an interrupt")
        return Ended.DIED

    def _die(self, why: str) -> None:
        self.why_dead, self.alive = why, False
        self.isolation.kill()

    def _messages(self, seconds: float, spare: float = 0.0) -> Iterator[tuple[str, Message]]:
        """Yield what the kernel sends until time is up or the kernel is gone."""
        seconds_left = self._clock(seconds, spare)
        last_look = 0.0
        while self.alive and (remaining := seconds_left()) > 0:
            waiting = self._channels.waiting(min(remaining, TICK_SECONDS))
            for channel in waiting:
                message = self._channels.receive(channel)
                if message is not None:
                    yield channel, message
            if time.monotonic() - last_look > TICK_SECONDS:
                self._look_at_health(drained=not waiting)
                last_look = time.monotonic()

    def _clock(self, seconds: float, spare: float) -> Callable[[], float]:
        """Return a function that gives the seconds left of a time limit that begins now.

        Of the time in which the kernel waited for a core, up to `spare` is given back.
        """
        deadline = time.monotonic() + seconds
        before = self.isolation.seconds_without_core() if spare else 0.0

        def seconds_left() -> float:
            late = time.monotonic() - deadline
            if late < 0 or not spare:
                return -late
            return min(self.isolation.seconds_without_core() - before, spare) - late

        return seconds_left

    def _look_at_health(self, drained: bool) -> None:
        if self.isolation.memory() > self._limits.memory_bytes * FULL:
            self._die("it used too much memory")
        elif psutil.Process().memory_info().rss > self._own_bytes + MAX_BACKLOG_BYTES:
            self._die("it sent more than could be read")
        # Only once all is read: its last messages may say how the cell ended.
        elif drained and (process := self.isolation.process) and process.poll() is not None:
            self._die(EXITED)

    def _start(self) -> None:
        process = self.isolation.start()
        settings = {
            "home": str(self.isolation.home),
            "files": str(self.isolation.visible_files()),
            "socket": str(self.isolation.home / ".k" / "s"),
            "channels": CHANNELS,
            "key": self._channels.key,
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
        readable, _, _ = select.select([process.stdout], [], [], START_SECONDS)
        # One line of ours, before any code of the student's runs: this cannot block.
        line = process.stdout.readline() if readable else b""
        if line != b"ready\n":
            process.kill()
            reason = process.stderr.read()[-1500:].decode(errors="replace").strip()
            raise GraderError(f"The student's kernel did not start: {reason or 'no answer'}")
        # From here on it speaks by messages alone, and a pipe that nobody reads would fill up.
        process.stdout.close()
        process.stderr.close()

    def _connect(self) -> None:
        for name, kind in (("shell", zmq.DEALER), ("control", zmq.DEALER), ("iopub", zmq.SUB)):
            path = self.isolation.home / ".k" / f"s-{CHANNELS.index(name) + 1}"
            self._channels.connect(name, kind, self.isolation.outside_path(path))
        self.alive = True
        self._greet()
        self._channels.send("shell", "comm_open", {
            "comm_id": self._comm, "target_name": TARGET, "data": {},
        })  # fmt: skip

    def _greet(self) -> None:
        """Ask until something comes on iopub as well, whose first messages may be missed."""
        deadline = time.monotonic() + START_SECONDS
        while self.alive and time.monotonic() < deadline:
            self._channels.send("shell", "kernel_info_request", {})
            if any(channel == "iopub" for channel, _ in self._messages(GREETING_SECONDS)):
                return
        raise GraderError("The student's kernel started and did not answer.")


def _source(file: str) -> str:
    return resources.files("gradekit.worker.kernel").joinpath(file).read_text(encoding="utf-8")
