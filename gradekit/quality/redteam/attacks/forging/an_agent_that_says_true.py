"""Idea: the part that answers the grader's questions says "value true" to each of them.
Must: earn nothing, because true is not the value that a check asks for.
"""

import sys

yes = [b'{"dict": [["value", true], ["printed", ""]]}']
sys.modules["gradekit_agent"].Agent.answer = lambda self, frames: yes


def forge(name):
    return True
