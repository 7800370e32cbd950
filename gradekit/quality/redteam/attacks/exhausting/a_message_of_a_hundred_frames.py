"""Idea: Each frame is below the limit on frames; a message has as many of them as one likes.
Must: The message is refused before the worker has all of it in memory.
"""

import time

END = time.monotonic() + 60
kernel = get_ipython().kernel
socket = getattr(kernel.iopub_socket, "io_thread", None)
socket = socket.socket if socket else kernel.iopub_socket
frame = MARK.encode() + bytes(75 << 20)
for number in range(70):
    socket.send(frame, flags=2 if number < 69 else 0, copy=False)  # 2: more to come
    if time.monotonic() > END:
        break
