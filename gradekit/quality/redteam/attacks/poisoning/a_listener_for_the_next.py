"""Idea: Listeners wait on loopback, in the abstract namespace and on a file for the next kernel.
Must: The next submission has a network and sockets of its own, and finds nobody there.
"""

import os
import socket
import time

if os.fork() == 0:
    os.setsid()
    kept = []
    addresses = [(socket.AF_INET, ("127.0.0.1", port)) for port in (8888, 5555, 5678)]
    addresses += [(socket.AF_INET6, ("::1", 8888)), (socket.AF_UNIX, f"\0{MARK}")]
    for family, address in [*addresses, (socket.AF_UNIX, f"/tmp/{MARK}.socket")]:
        try:
            kept.append(socket.socket(family))
            kept[-1].bind(address)
            kept[-1].listen()
        except OSError:
            continue
    end = time.monotonic() + 55
    while time.monotonic() < end:
        time.sleep(1)
    os._exit(0)
