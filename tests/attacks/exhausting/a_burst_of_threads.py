"""Idea: threads, which count as processes, until no more can be started.
Must: end at the limit; the worker keeps threads of its own.
"""

import threading
import time

END = time.monotonic() + 15
threads = []
while time.monotonic() < END and len(threads) < 2000:
    try:
        threads.append(threading.Thread(target=time.sleep, args=(15,), daemon=True))
        threads[-1].start()
    except RuntimeError:
        time.sleep(0.5)
