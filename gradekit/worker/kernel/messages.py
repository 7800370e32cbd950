"""Jupyter messages to and from the student's kernel, each read as a stranger's.

Whoever owns a process owns its sockets, so the student's code may write any message, at
any length, under any signature. A message is cut off at a size before it is parsed,
parsed behind a guard, and used only where each field has the type it should have.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.session import Session

from gradekit.worker.kernel.answering import Ended

MAX_FRAME_BYTES = 80 << 20
MAX_MESSAGE_BYTES = 128 << 20
MAX_HEADER_BYTES = 4 << 10
MAX_CONTENT_BYTES = 1 << 20
MAX_PRINTED = 4 << 10  # characters of a cell's standard output that are kept, the last ones
MAX_RAISED = 200  # characters of what a cell raised
MAX_WAITING = 16  # messages in memory before the kernel has to wait for us
SEND_MILLISECONDS = 5_000
NEVER_MILLISECONDS = 500_000_000  # six days; twice as much has to fit 31 bits
# Without a key: the student's process has the key, so a signature is worth nothing.
READER = Session(key=b"")

Message = dict[str, Any]  # of Jupyter, and its "size" in bytes


class Channels:
    """The sockets between the worker and one kernel."""

    def __init__(self) -> None:
        self.key = secrets.token_hex(16)
        self._session = Session(key=self.key.encode())
        self._context = zmq.Context()
        self._sockets: dict[str, zmq.Socket[bytes]] = {}
        self._poller = zmq.Poller()

    def connect(self, channel: str, kind: int, path: Path) -> None:
        """Connect a channel to the socket at `path`."""
        socket = self._sockets[channel] = connected(self._context, kind, path)
        if channel != "control":  # what is answered there is answered on the others, too
            self._poller.register(socket, zmq.POLLIN)

    def send(
        self, channel: str, kind: str, content: dict[str, Any], frames: Sequence[bytes] = ()
    ) -> str:
        """Send a message and return its id; where that fails there will be no answer."""
        message = self._session.msg(kind, content)
        with contextlib.suppress(zmq.ZMQError):  # a full or broken pipe shows as no answer
            self._session.send(
                self._sockets[channel], message, buffers=list(frames) or None, track=False
            )
        return str(message["header"]["msg_id"])

    def waiting(self, seconds: float) -> list[str]:
        """Return the channels on which a message waits, as soon as there is one."""
        sockets = {socket for socket, _ in self._poller.poll(int(1000 * seconds))}
        return [channel for channel, socket in self._sockets.items() if socket in sockets]

    def receive(self, channel: str) -> Message | None:
        """Return a message that waits, or None where it is no message."""
        return received(self._sockets[channel])

    def close(self) -> None:
        self._context.destroy(linger=0)


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
    socket.setsockopt(zmq.SNDTIMEO, SEND_MILLISECONDS)
    if kind == zmq.SUB:
        socket.setsockopt(zmq.SUBSCRIBE, b"")
    socket.connect(f"ipc://{path}")
    return socket


def received(socket: zmq.Socket[bytes]) -> Message | None:
    """Return one message, or None where it is not one; whoever wrote it."""
    try:
        frames = socket.recv_multipart(zmq.NOBLOCK)
        size = sum(len(frame) for frame in frames)
        if size > MAX_MESSAGE_BYTES:
            return None
        sections: list[Any] = list(READER.feed_identities(frames)[1])
        if any(len(section) > MAX_HEADER_BYTES for section in sections[1:4]):
            return None  # dates in there are parsed one by one
        if len(sections[4]) > MAX_CONTENT_BYTES:
            sections[4] = b"{}"  # a picture or a long text; its size is all that matters
        message = READER.deserialize(sections)
        well_formed = all(
            isinstance(message[section], dict) for section in ("header", "parent_header", "content")
        )
        return {**message, "size": size} if well_formed else None
    except Exception:  # noqa: BLE001 - of zmq, json, dates, signatures: the kernel's doing
        return None


def replies_to(message: Message, request: str, kind: str) -> bool:
    """Return whether a message is of this kind and answers the request with this id."""
    parent, header = message["parent_header"], message["header"]
    return bool(parent.get("msg_id") == request and header.get("msg_type") == kind)


def answers_probe(message: Message, comm: str, number: int) -> bool:
    """Return whether a message is the agent's answer to the probe with this number."""
    content = message["content"]
    data = content.get("data")
    return (
        message["header"].get("msg_type") == "comm_msg"
        and content.get("comm_id") == comm
        and isinstance(data, dict)
        and data.get("probe") == number
    )


def how_it_ended(message: Message) -> Ended:
    """Return how a cell ended that came to an end by itself."""
    content = message["content"]
    if content.get("status") == "ok":
        return Ended.FINE
    return Ended.MEMORY if content.get("ename") == "MemoryError" else Ended.RAISED


def printed_text(message: Message) -> str:
    """Return what a message prints on standard output."""
    content = message["content"]
    text = content.get("text") if content.get("name") == "stdout" else None
    return text[-MAX_PRINTED:] if isinstance(text, str) else ""


def raised_text(message: Message) -> str:
    """Return type and first line of what a cell raised."""
    kind, text = message["content"].get("ename"), message["content"].get("evalue")
    if not isinstance(kind, str) or not isinstance(text, str):
        return ""
    first_line = (text[:MAX_RAISED].strip().splitlines() or [""])[0]
    return (f"{kind[:80]}: {first_line}" if first_line else kind[:80])[:MAX_RAISED]
