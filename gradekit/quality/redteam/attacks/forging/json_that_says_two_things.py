"""Idea: keys twice, NaN, huge numbers, other encodings: two readers may read two different texts.
Must: earn nothing; there is one reader, and what it reads is not the right value.
"""

import itertools
import sys

texts = itertools.cycle(
    [
        b'{"dict": [["value", 0], ["value", true], ["printed", ""], ["error", ["X", "x"]]]}',
        b'{"dict": [["value", NaN], ["printed", ""]]}',
        b'{"dict": [["value", -Infinity]]}',
        b'{"dict": [["value", 1e999]]}',
        b'{"dict": [["value", 1' + b"0" * 5000 + b"]]}",
        '{"dict": [["value", true]]}'.encode("utf-16"),
        b'\xef\xbb\xbf{"dict": [["value", true]]}',
        b'{"dict": [["value", true]]} {}',
        b'{"dict": [["value", true]], "dict": []}',
        b'{"dict": [[["value"], true]]}',
        b'{"dict": {"value": true}}',
        b'{"set": ["value"]}',
        b'{"dict": [["value", {"dict": [["a", 1], ["a", 2]]}]]}',
        b"true",
        b"",
        b"\x00",
        b"[]",
        b'{"float": "nan"}',
        b'{"complex": "ab"}',
        b'{"complex": [1, {"bytes": 1}]}',
    ]
)
sys.modules["gradekit_agent"].Agent.answer = lambda self, frames: [next(texts)]


def forge(name):
    return 0
