"""Idea: every message that the worker sends is recorded: parents, probes, arguments, names.
Must: find no planted word; probes carry names, arguments and a seed, nothing hidden.
"""

import sys

shell = get_ipython()
agent = sys.modules["gradekit_agent"].Agent
answer = agent.answer


def recorded(self, frames):
    for frame in frames:
        keep(bytes(frame))
    keep(repr(shell.parent_header))
    keep(repr(shell.kernel.get_parent()))
    return answer(self, frames)


agent.answer = recorded
keep(repr(shell.parent_header))
keep(repr(vars(shell.kernel))[:500_000])
keep(repr(vars(shell.kernel.session))[:500_000])


def forge(name):
    return lambda *given, **named: 0
