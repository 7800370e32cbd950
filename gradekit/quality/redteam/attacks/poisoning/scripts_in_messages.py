"""Idea: exceptions, type names and docstrings carry HTML into the page that shows the marks.
Must: be text wherever they are shown, and be shown for public checks only.
"""

import itertools

script = f"</pre></td></table><script>alert('{MARK}')</script><h1>100 points</h1>"
kinds = [
    type("ValueError<script>", (Exception,), {"__doc__": script}),
    type("Error", (Exception,), {"__module__": script, "__qualname__": script}),
    ValueError,
    AssertionError,
    NotImplementedError,
]
turn = itertools.cycle(kinds)


def forge(name):
    def answer(*given, **named):
        raise next(turn)(f"Question {script}")

    answer.__doc__ = answer.__name__ = script
    return answer
