"""Idea: eighty megabytes of "{}," in one message become two gigabytes when they are parsed.
Must: cost its own questions; the worker has room, or does not parse it.
"""

import json
import time

kernel = get_ipython().kernel
session = kernel.session


def packed(size):
    return b'{"x":[' + b"{}," * (size // 3) + b"{}]}"


parts = [json.dumps(session.msg_header("stream")).encode(), b"{}", b"{}", packed(76 << 20)]
parts[1] = packed(40 << 20)
frames = [b"stream", b"<IDS|MSG>", session.sign(parts), *parts]
for _ in range(3):
    kernel.iopub_thread.send_multipart(frames, copy=False)
time.sleep(4)
