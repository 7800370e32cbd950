"""Idea: the kernel denies having __import__, so that checks do the kernel's work in the worker.
Must: earn nothing; what a check runs in the worker sees references, and fails or tells the truth.
"""

import sys

agent = sys.modules["gradekit_agent"].Agent
has = agent._has
agent._has = lambda self, name: name != "__import__" and has(self, name)


def forge(name):
    return lambda *given, **named: given[0] if given else 0
