"""Idea: a thread exchanges every answer again and again, so that a later look sees another value.
Must: earn nothing, because each value that is looked at has to be right.
"""

import threading
import time

shell, mine = get_ipython(), {}


def rewrite():
    end = time.monotonic() + 40
    choices = [0, True, 1.0, [], "x", [0.0] * 3, None]
    while time.monotonic() < end:
        for choice in choices:
            for name in list(mine):
                shell.user_ns[name] = choice if mine[name].islower() else forge
            time.sleep(0.002)


threading.Thread(target=rewrite, daemon=True).start()


def forge(name):
    mine[name] = name
    return lambda *given, **named: 0
