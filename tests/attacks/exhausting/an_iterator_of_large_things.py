"""Idea: No value is too large by itself, but each step of an iteration gives another large one.
Must: What a check has fetched is bounded altogether; the worker survives.
"""


class Steps:
    def __iter__(self):
        for number in range(80):
            yield MARK.encode() + bytes([number]) * (60 << 20)


def forge(name):
    return lambda *given: Steps()
