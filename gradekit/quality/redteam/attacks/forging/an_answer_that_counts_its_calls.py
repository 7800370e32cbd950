"""Idea: public checks come first, so an answer that counts calls knows when the hidden ones begin.
Must: earn nothing, because every call of every check has to be answered rightly.
"""

import sys

calls = {"forget": 0, "call": 0}
agent = sys.modules["gradekit_agent"].Agent
forget = agent._forget


def counted(self, number):
    calls["forget"] += 1
    return forget(self, number)


agent._forget = counted


def forge(name):
    def answer(*given, **named):
        calls["call"] += 1
        public = calls["forget"] <= 2
        return [float(calls["call"])] * 3 if public else list(given[0] if given else [])

    return answer
