"""Idea: the answer to a call is made of its arguments: sometimes the expected value is among them.
Must: earn nothing, because no probe carries what the check expects.
"""

import sys

values = sys.modules["gradekit_values"]


def answer(self, frames):
    probe = values.decode(frames, lambda number: number)
    given = probe.get("arguments") or [probe.get("key"), probe.get("name")]
    return values.encode({"value": given[-1], "printed": str(given)}, lambda _: [1, "x"])


sys.modules["gradekit_agent"].Agent.answer = answer


def forge(name):
    return 0
