"""Idea: NUL bytes and halves of characters break files, names and encoders that meet them.
Must: be replaced; the report can be written in UTF-8 and read again.
"""

import itertools
import sys

texts = itertools.cycle(
    ["\x00", "a\x00b", "\ud800", "x\udfff\ud800", "\udcff", "\uffff\ufffe", "\x7f"]
)
raw = itertools.cycle([b'"\\ud800"', b'"\\u0000"', b'"\xed\xa0\x80"', b'"\\udfff\\ud800 x"'])
agent = sys.modules["gradekit_agent"].Agent
answer = agent.answer


def broken(self, frames):
    if b'"call"' in bytes(frames[0]) or b'"name"' in bytes(frames[0]):
        text = next(raw)
        return [b'{"dict": [["error", ["ValueError", %b]], ["printed", %b]]}' % (text, text)]
    return answer(self, frames)


def forge(name):
    agent.answer = broken

    def raising(*given, **named):
        raise ValueError(next(texts))

    return raising
