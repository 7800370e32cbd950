"""Idea: characters are pushed into the terminal of whoever started the grader, as if typed.
Must: reach no terminal; the session has none.
"""

import fcntl
import glob
import os

for path in [
    "/dev/tty",
    "/dev/console",
    "/dev/ptmx",
    *glob.glob("/dev/pts/*"),
    *glob.glob("/dev/tty[0-9]*"),
]:
    try:
        number = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        continue
    for character in f"touch /tmp/{MARK}\n":
        try:
            fcntl.ioctl(number, 0x5412, character.encode())
        except OSError:
            break
    os.write(number, f"\x1b]0;{MARK}\x07".encode())
    os.close(number)
for number in range(3):
    try:
        fcntl.ioctl(number, 0x5412, b"\n")
    except OSError:
        pass
