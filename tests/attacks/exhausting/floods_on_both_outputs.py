"""Idea: Print on both outputs from four threads, and go on when one is interrupted.
Must: The cell is stopped at the limit of what it may print; the messages are thrown away.
"""

import sys
import threading
import time

END = time.monotonic() + 60
LINE = (MARK + "x" * 10_000 + "\n") * 10
room = [300 << 20]


def flood(stream):
    while time.monotonic() < END and room[0] > 0:
        try:
            room[0] -= stream.write(LINE)
            stream.flush()
        except BaseException:
            continue


for stream in (sys.stdout, sys.stderr, sys.stdout):
    threading.Thread(target=flood, args=(stream,), daemon=True).start()
flood(sys.stderr)
