"""Idea: escape sequences in messages clear the screen, rename windows and rewrite what was printed.
Must: be taken out of every message before anybody sees it.
"""

import itertools

sequences = [
    "\x1b[2J\x1b[H",
    f"\x1b]0;{MARK}\x07",
    "\x1b]52;c;eA==\x07",
    "\x1b[8m",
    "\x9b31m",
    "\b" * 200,
]
sequences += [
    "\r100 of 100 points\x1b[K",
    "\x1b]8;;http://192.0.2.1\x07x\x1b]8;;\x07",
    "\x1bP+q\x1b\\",
    "\x0e",
]
turn = itertools.cycle(sequences)
print("".join(sequences))


def forge(name):
    def answer(*given, **named):
        raise ValueError(f"{next(turn)} 100 points {next(turn)}")

    return answer
