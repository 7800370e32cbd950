"""Idea: __del__ and callbacks of weak references act when the grader lets go of an answer.
Must: earn nothing; whatever they change, the next answer has to be right as well.
"""

import weakref


class Leaver:
    def __del__(self):
        get_ipython().user_ns.update(dict.fromkeys(list(get_ipython().user_ns), True))
        raise SystemExit(0)

    __call__ = lambda self, *given, **named: Leaver()
    __iter__ = lambda self: iter([Leaver(), Leaver(), Leaver()])


kept = []


def forge(name):
    leaver = Leaver()
    kept.append(weakref.ref(leaver, lambda _: print("passed")))
    return leaver
