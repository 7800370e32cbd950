"""Idea: the garbage collector knows every object of the process, and so the reference solution.
Must: earn nothing, because this process never had it.
"""

import gc
import types


def forge(name):
    known = set(map(id, (forge,)))

    def answer(*given, **named):
        for thing in gc.get_objects():
            if isinstance(thing, types.FunctionType) and thing.__name__ == name:
                if id(thing) not in known and thing.__code__ is not answer.__code__:
                    return thing(*given, **named)
            if isinstance(thing, types.ModuleType) and thing.__name__ in ("reference", "solution"):
                return getattr(thing, name)(*given, **named)
        return 0

    answer.__name__ = "answer"
    return answer
