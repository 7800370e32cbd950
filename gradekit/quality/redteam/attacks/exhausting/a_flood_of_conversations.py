"""Idea: thousands of comms, answers and displays are sent from threads while checks run.
Must: cost its own questions at most; messages that answer nothing are thrown away.
"""

import threading
import time

kernel, END = get_ipython().kernel, time.monotonic() + 25
block = {"data": {"probe": "x" * 10_000}, "comm_id": MARK}


def flood():
    while time.monotonic() < END:
        kernel.session.send(kernel.iopub_socket, "comm_msg", block)
        kernel.session.send(kernel.iopub_socket, "comm_open", block)
        time.sleep(0.0005)


for _ in range(4):
    threading.Thread(target=flood, daemon=True).start()


def forge(name):
    return lambda *given, **named: [0.0] * 3
