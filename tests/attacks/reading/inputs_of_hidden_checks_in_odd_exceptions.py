"""Idea: exceptions carry inputs where nobody looks: notes, causes, file names, keys, groups.
Must: show nothing of hidden checks but what their author wrote.
"""

import itertools

turn = itertools.count()


def forge(name):
    def answer(*given, **named):
        text = repr(given)[:1200]
        keep(text)
        odd = [
            SyntaxError(text, (text, 1, 1, text)),
            OSError(2, text, text),
            UnicodeDecodeError("utf-8", text.encode(), 0, 1, text),
            ExceptionGroup(text, [ValueError(text)]),
            StopIteration(text),
            KeyError(text),
            AttributeError(text, name=text, obj=given),
            NameError(text, name=text),
            ImportError(text, name=text, path=text),
            SystemExit(text),
            KeyboardInterrupt(text),
            MemoryError(text),
            AssertionError(text),
            GeneratorExit(text),
        ]
        error = odd[next(turn) % len(odd)]
        error.add_note(text)
        error.__cause__ = ValueError(text)
        raise error

    return answer
