"""Idea: The agent says of each answer that sixteen megabytes were printed, without an end.
Must: What a check is told to have been printed is bounded altogether; the worker survives.
"""

import json
import sys

printed = "x" * 15_000_000 + "\U0001f600"  # four bytes for each letter, once it is read
answer = '{"dict": [["value", [%s]], ["printed", "' + printed + '"]]}'


def forge(name):
    agent = sys.modules["gradekit_agent"].Agent
    kept = agent.__dict__.get("kept") or agent.answer
    agent.kept = kept

    def tampered(self, frames):
        if b'"next"' in bytes(frames[0])[:40]:
            return [(answer % '"0"').encode()]
        return kept(self, frames)

    agent.answer = tampered
    return lambda *given: iter("")
