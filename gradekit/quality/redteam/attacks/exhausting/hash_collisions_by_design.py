"""Idea: A dictionary whose keys all collide takes the square of its size to build, in every answer.
Must: The time is the student's: the call is stopped.
"""


def forge(name):
    prime = (1 << 61) - 1  # every multiple of it has the hash 0
    keys = [number * prime for number in range(60_000)]
    return lambda *given: dict.fromkeys(keys, 0.0)
