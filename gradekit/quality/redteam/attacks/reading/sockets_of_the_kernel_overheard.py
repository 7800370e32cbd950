"""Idea: a second client connects to the kernel's own sockets and listens to what the grader sends.
Must: find no planted word; nothing hidden goes over these sockets.
"""

import glob
import os
import socket
import threading
import time

paths = glob.glob(os.path.expanduser("~/.k/s-*")) + glob.glob("/tmp/**/s-*", recursive=True)
paths += glob.glob("/home/*/.k/s-*") + glob.glob("/proc/[0-9]*/root/home/*/.k/s-*")


def listen():
    import zmq

    context, clients = zmq.Context(), []
    for path in paths[:40]:
        for kind in (zmq.SUB, zmq.DEALER, zmq.ROUTER):
            client = context.socket(kind)
            client.linger = 0
            if kind == zmq.SUB:
                client.subscribe(b"")
            client.connect(f"ipc://{path}")
            clients.append(client)
    end = time.monotonic() + 15
    while time.monotonic() < end:
        for client in clients:
            try:
                keep(b" ".join(client.recv_multipart(zmq.NOBLOCK)))
            except zmq.ZMQError:
                pass
        time.sleep(0.02)


for path in paths[:40]:
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(0.1)
            client.connect(path)
            keep(client.recv(4096))
            facts = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
            keep(facts.hex())
    except OSError:
        pass
threading.Thread(target=listen, daemon=True).start()
