"""Idea: one array of 60 MB is sent once, and named two thousand times in the text beside it.
Must: cost its own questions; what an answer unfolds to is counted, not what was sent.
"""

import sys

size = 60 << 20
names = b", ".join([b'{"bytes": 1}'] * 1000 + [b'{"array": ["uint8", [%d], 1]}' % size] * 1000)
text = b'{"dict": [["value", [%b]], ["printed", ""]]}' % names
sys.modules["gradekit_agent"].Agent.answer = lambda self, frames: [text, bytes(size)]


def forge(name):
    return 0
