"""Idea: during a check, the state of every random generator betrays the seed that it was given.
Must: find no planted word; the kernel's seeds are no secret ones.
"""

import random
import sys


def look():
    states = [random.getstate()[1][:8]]
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None:
        states.append(numpy.random.get_state()[1][:8].tolist())
        states.append(bytes(numpy.random.get_state()[1]).hex())
        keep(bytes(numpy.random.get_state()[1]))
    if torch is not None:
        states.append(torch.initial_seed())
        keep(bytes(torch.get_rng_state().tolist()))
    keep(repr(states))
    for number in (item for item in states if isinstance(item, int)):
        keep(number.to_bytes(16, "big", signed=True))
    loot.append(repr(states[0])[:80])


look()


def forge(name):
    def answer(*given, **named):
        look()
        return 0

    return answer
