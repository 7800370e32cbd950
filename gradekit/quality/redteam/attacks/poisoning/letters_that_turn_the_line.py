"""Idea: letters that turn direction, join, vanish or look like others change what a message says.
Must: be shown as what they are, or not at all; the mark beside them stays readable.
"""

import itertools

turn = itertools.cycle(
    [
        "\u202e001 fo 001\u202c",
        "\u2066passed\u2069",
        "\u200bpassed\u200d",
        "pa\u0455\u0455ed",
        "\ufeffpassed",
        "e\u0301" * 500,
        "\U000e0070\U000e0061",
        "\u2028100 of 100",
        "\ufdfd" * 100,
        "\x85x",
    ]
)
Hebrew = type("\u05d0\u05d1\u05d2", (Exception,), {})


def forge(name):
    def answer(*given, **named):
        raise next(itertools.cycle([ValueError, Hebrew]))(next(turn))

    return answer
