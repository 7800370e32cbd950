"""Idea: Messages past all of IPython, from the kernel's own sockets: on iopub and as replies.
Must: What is no answer to a question of ours is thrown away, within the same limits.
"""

import time

END = time.monotonic() + 60
kernel = get_ipython().kernel
parent = kernel.get_parent("shell")
text = "x" * 100_000
for number in range(2_000):
    try:
        kernel.session.send(kernel.iopub_socket, "stream", {"name": MARK, "text": text}, parent)
        kernel.session.send(kernel.iopub_socket, "comm_msg", {"comm_id": "0", "data": {}}, parent)
        kernel.session.send(kernel.shell_stream, "execute_reply", {"status": text}, None)
    except BaseException:
        continue
    if time.monotonic() > END:
        break
