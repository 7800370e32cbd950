"""Idea: a message of many frames, each of a size that is allowed, that goes on and on.
Must: cost its own questions; the worker notices how much it has taken in.
"""

import threading
import time

kernel = get_ipython().kernel
END, block = time.monotonic() + 20, bytes(32 << 20)


def pour():
    import zmq

    socket = kernel.iopub_thread.socket
    socket.setsockopt(zmq.SNDHWM, 0)
    for _ in range(180):
        if time.monotonic() < END:
            socket.send(block, zmq.SNDMORE, copy=False)
    socket.send(b"")


kernel.iopub_thread.schedule(pour)
time.sleep(5)
