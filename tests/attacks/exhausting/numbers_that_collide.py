"""Idea: a hundred thousand whole numbers of the same hash make a set take minutes to build.
Must: cost its own questions; an answer is read within bounded time.
"""

import json
import sys

numbers = [k * (2**61 - 1) for k in range(1, 190_000)]
text = json.dumps({"dict": [["value", {"set": numbers}], ["printed", ""]]}).encode()
sys.modules["gradekit_agent"].Agent.answer = lambda self, frames: [text]


def forge(name):
    return 0
