"""Idea: an array claims a shape, a type or a frame that it does not have.
Must: earn nothing; sizes are compared with the bytes that came before anything is made.
"""

import itertools
import sys

claims = itertools.cycle(
    [
        b'["float64", [3], 1]',
        b'["float64", [1000000000], 1]',
        b'["float64", [-3], 1]',
        b'["float64", [0, 67108864, 67108864, 67108864, 67108864], 2]',
        b'["float64", [3], 9]',
        b'["float64", [3], 0]',
        b'["float64", [true], 1]',
        b'["object", [3], 1]',
        b'["V8", [3], 1]',
        b'["float64,O", [3], 1]',
        b'["float64", "3", 1]',
        b'["float64", [3.0], 1]',
        b"[[], {}, 1]",
        b'["float64", [3], 1, 1]',
        b'["float64", [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3], 1]',
    ]
)
kinds = itertools.cycle([b"array", b"tensor", b"scalar"])


def answer(self, frames):
    value = b'{"%b": %b}' % (next(kinds), next(claims))
    return [b'{"dict": [["value", %b], ["printed", ""]]}' % value, bytes(24), b""]


sys.modules["gradekit_agent"].Agent.answer = answer


def forge(name):
    return 0
