"""Idea: everything is one and the same reference, so that "is" and "==" of two objects hold.
Must: earn nothing, because a check wants plain values, and equal references are no evidence.
"""

import sys

agent = sys.modules["gradekit_agent"].Agent
agent._refer = lambda self, value: [7, "int"]
agent._resolve = lambda self, content: forge("")
agent._name = agent._attribute = agent._item = agent._call = lambda self, *given, **named: forge("")
agent._has = lambda self, name: True


def forge(name):
    return object.__new__(type("int", (), {"__call__": lambda self, *given: self}))
