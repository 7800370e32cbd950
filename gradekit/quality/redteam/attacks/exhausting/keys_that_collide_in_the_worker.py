"""Idea: A set of numbers with one hash costs nothing to write down, and minutes to build.
Must: The worker's time is not the student's to spend: it is refused, or built in a moment.
"""

import json
import sys

numbers = [number * ((1 << 61) - 1) for number in range(150_000)]
answer = json.dumps({"dict": [["value", {"set": numbers}], ["printed", ""]]}).encode()


def forge(name):
    agent = sys.modules["gradekit_agent"].Agent
    honest = agent.__dict__.get("honest") or agent.answer
    agent.honest = honest

    def tampered(self, frames):
        return [answer] if b'"call"' in bytes(frames[0])[:40] else honest(self, frames)

    agent.answer = tampered
    return lambda *given: 0
