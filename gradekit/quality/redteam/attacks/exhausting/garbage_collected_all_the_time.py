"""Idea: Millions of objects in circles, a collection after each new one, and a slow callback.
Must: Calls are stopped at their limits, and the cells behind it as well.
"""

import gc
import time

END = time.monotonic() + 60
circles = []
for _ in range(1_000_000):
    circle = []
    circle.append(circle)
    circles.append(circle)
gc.callbacks.append(lambda *given: time.monotonic() < END and time.sleep(0.05))
gc.set_threshold(1, 1, 1)


def forge(name):
    return lambda *given: [[] for _ in range(10**6)]
