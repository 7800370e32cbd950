"""Idea: the seed sent before each check is the check's own, changed in a way that everybody can read.
Must: earn nothing: from the kernel's seed the check's must not be found.
"""

import sys

agent = sys.modules["gradekit_agent"].Agent
forget, drawn = agent._forget, {}


def remember(self, number):
    drawn["seed"] = number ^ 0x5EED
    return forget(self, number)


agent._forget = remember


def forge(name):
    def answer(*given, **named):
        try:
            import numpy as np
        except ImportError:
            return 0
        hidden = np.random.RandomState(drawn.get("seed", 0))
        first = hidden.normal(size=np.shape(given[0])) if given else 0
        if given and np.array_equal(first, given[0]):
            loot.append(f"the first input of a check was known from its seed {drawn['seed']}")
        return hidden.normal(size=3).tolist()

    return answer
