"""Idea: Without its channel of control the kernel cannot be interrupted, or be asked to end.
Must: What does not react is killed by the system, not by a message.
"""

import time

END = time.monotonic() + 60
kernel = get_ipython().kernel
for name in ("control_stream", "control_socket", "stdin_socket"):
    try:
        getattr(kernel, name).close()
    except Exception:
        continue
kernel.interrupt_request = kernel.shutdown_request = None
while time.monotonic() < END:
    try:
        time.sleep(1)
    except BaseException:
        continue
