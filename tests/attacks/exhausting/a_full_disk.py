"""Idea: home, /tmp and /dev/shm are filled to the last byte, and the kernel ends itself.
Must: cost its own questions; the next kernel finds room.
"""

import os

for folder in (os.path.expanduser("~"), "/tmp", "/dev/shm", "/var/tmp", "/home"):
    for number in range(3):
        try:
            with open(f"{folder}/{MARK}-{number}", "wb", buffering=0) as file:
                for _ in range(130):
                    file.write(bytes(1 << 20))
        except OSError:
            pass
os._exit(0)
