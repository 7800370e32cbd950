"""Idea: a kernel's home is named after its user; all names that there are, are taken beforehand.
Must: cost its own questions; the next kernel makes a home that nobody could name before.
"""

import os

for user in range(20_000, 60_000):
    try:
        os.mkdir(f"/home/s{user}", 0o700)
    except OSError:
        pass
os._exit(0)
