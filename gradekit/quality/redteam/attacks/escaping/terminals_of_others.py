"""Idea: terminals, consoles and screens of other people are written on and typed into.
Must: reach no terminal.
"""

import fcntl
import glob
import os

paths = ["/dev/tty", "/dev/console", "/dev/ptmx", "/dev/fb0", "/dev/uinput", "/dev/input/event0"]
paths += glob.glob("/dev/tty*")[:80] + glob.glob("/dev/pts/*") + glob.glob("/dev/vcs*")[:20]
paths += glob.glob("/proc/[0-9]*/fd/[0-2]")
if os.fork() == 0:
    try:
        os.setsid()
    except OSError:
        pass
    for path in paths:
        try:
            number = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError:
            continue
        if os.isatty(number) and path != "/dev/ptmx":
            os.write(number, f"{MARK}\r\n".encode())
            for request, value in ((0x540E, 1), (0x541C, b"\3"), (0x5412, b"#")):
                try:
                    fcntl.ioctl(number, request, value)
                except OSError:
                    pass
        os.close(number)
    os._exit(0)
os.wait()
