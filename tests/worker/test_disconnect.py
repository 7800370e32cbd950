"""A kernel may go away at any moment, in the middle of a flood of messages too."""

from __future__ import annotations

import subprocess
import sys

import pytest

# In a process of its own, because what is tried here used to end the whole process.
READER = """
import subprocess, sys, time
from pathlib import Path

import zmq
from gradekit.worker.kernel.messages import connected

kind, folder, program = getattr(zmq, sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
for trial in range(12):
    path, size = folder / f"s{trial}", (10, 3_000, 200_000)[trial % 3]
    command = [sys.executable, "-c", program, str(path), str(size)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE)
    writer.stdout.readline()
    context = zmq.Context()
    socket = connected(context, kind, path)
    if kind == zmq.DEALER:
        socket.send(b"hello")
    for _ in range(3 + trial):
        socket.recv()
    writer.kill()
    writer.wait()
    frames = 3 + trial
    while socket.poll(200):
        socket.recv(zmq.NOBLOCK)
        frames += 1
        time.sleep(0.01 if frames % 5 == 0 else 0)  # as somebody does who has other work
    assert frames % 7 == 0
    context.destroy(linger=0)
"""
WRITER = """
import sys, time
import zmq
socket = zmq.Context().socket(zmq.{kind})
socket.bind(f"ipc://{{sys.argv[1]}}")
print("bound", flush=True)
who = [socket.recv_multipart()[0]] if {kind!r} == "ROUTER" else []
time.sleep(0.2)  # until somebody is connected
while True:
    socket.send_multipart([*who, *[b"x" * int(sys.argv[2])] * 7])
"""


@pytest.mark.parametrize(("reader", "writer"), [("SUB", "PUB"), ("DEALER", "ROUTER")])
def test_a_peer_that_dies_within_a_message_does_not_take_us_along(
    tmp_path_factory: pytest.TempPathFactory, reader: str, writer: str
) -> None:
    """What has arrived can be read, and comes in whole messages."""
    folder, program = tmp_path_factory.mktemp("z"), WRITER.format(kind=writer)
    done = subprocess.run(
        [sys.executable, "-c", READER, reader, str(folder), program],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
