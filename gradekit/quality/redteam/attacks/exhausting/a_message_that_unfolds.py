"""Idea: Seventy megabytes of empty lists become gigabytes of objects where they are parsed.
Must: Its size as objects is bounded before it is parsed; the worker survives.
"""

kernel = get_ipython().kernel
session = kernel.session


def send(content):
    parts = [b'{"msg_id": "1", "msg_type": "stream"}', b"{}", b"{}", content]
    message = [b"topic", b"<IDS|MSG>", session.sign(parts), *parts]
    kernel.iopub_socket.send_multipart(message, copy=True)


for _ in range(3):
    send(b'{"mark": "' + MARK.encode() + b'", "lists": [' + b"{}," * 23_000_000 + b"0]}")
