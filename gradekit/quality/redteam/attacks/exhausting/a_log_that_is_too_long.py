"""Idea: what an answer "prints" between checks goes to the grader's own log, sixteen megabytes each.
Must: cost its own questions; the report is whole, and the log is short.
"""

import sys

text = b'{"dict": [["value", false], ["printed", "%b\\n"]]}' % (MARK.encode() * 400_000)
sys.modules["gradekit_agent"].Agent.answer = lambda self, frames: [text]


def forge(name):
    return 0
