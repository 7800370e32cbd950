"""Idea: The agent is replaced, and describes errors in half letters, orders and rows of tables.
Must: Every text is made fit for files, tables and terminals where it arrives.
"""

import json
import sys

text = f"\ud800\udc80\udfff\0\x1b[2J\u202e\r\n=1+1\t{MARK}\x85\u2028"
error = json.dumps({"dict": [["error", ["\u00aaKind\U000e0100", text * 20]], ["printed", text]]})


def forge(name):
    agent = sys.modules["gradekit_agent"].Agent
    honest = agent.__dict__.get("honest") or agent.answer
    agent.honest = honest

    def tampered(self, frames):
        if b'"call"' in bytes(frames[0])[:40]:
            return [error.encode()]
        return honest(self, frames)

    agent.answer = tampered
    return lambda *given: 0
