"""Idea: As many threads as one may have, each busy, none of them ending with the cell.
Must: The limit on processes holds, and questions behind it get their marks or are stopped.
"""

import threading
import time

END = time.monotonic() + 60


def busy():
    while time.monotonic() < END:
        sum(range(1000))


for _ in range(300):
    try:
        threading.Thread(target=busy).start()
    except RuntimeError:
        break
