"""Idea: an answer raises what it was given, so that hidden inputs stand in the student's report.
Must: show nothing of hidden checks but what their author wrote; inputs are only in public ones.
"""

import itertools

kinds = itertools.cycle([ValueError, AssertionError, KeyError, NotImplementedError, TypeError])
seen = []


def forge(name):
    def answer(*given, **named):
        text = f"Question {name}: {given!r} {named!r}"[:1500]
        seen.append(text)
        keep(text)
        print(text)
        raise next(kinds)(text)

    return answer
