"""Idea: a process forked twice takes over the names of the sockets and answers with yes.
Must: earn nothing; nobody connects a second time, and the survivor dies with the kernel.
"""

import os
import subprocess
import sys

code = """
import glob, os, time, zmq
context, sockets = zmq.Context(), []
for path in glob.glob(os.path.expanduser("~/.k/s-*")):
    os.unlink(path)
    sockets.append(context.socket(zmq.PUB if path.endswith("2") else zmq.ROUTER))
    sockets[-1].bind(f"ipc://{path}")
end = time.monotonic() + 20
while time.monotonic() < end:
    for socket in sockets:
        if socket.type == zmq.ROUTER and socket.poll(50):
            socket.send_multipart(socket.recv_multipart())
"""
if os.fork() == 0:
    os.setsid()
    subprocess.Popen([sys.executable, "-c", code, MARK])
    os._exit(0)
os.wait()


def forge(name):
    return True
