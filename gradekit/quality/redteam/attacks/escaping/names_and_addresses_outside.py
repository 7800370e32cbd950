"""Idea: names are resolved, and an address outside is called; either would carry data away.
Must: reach nobody; there is no resolver and no route.
"""

import socket
import threading
import urllib.request


def tried(what, *given):
    try:
        what(*given)
        loot.append(f"{given} answered")
    except Exception:
        pass


threads = [
    threading.Thread(target=tried, args=(socket.getaddrinfo, "example.invalid", 80), daemon=True),
    threading.Thread(
        target=tried, args=(socket.create_connection, ("192.0.2.1", 53), 2), daemon=True
    ),
    threading.Thread(
        target=tried, args=(urllib.request.urlopen, "http://192.0.2.1/", None, 2), daemon=True
    ),
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(3)
