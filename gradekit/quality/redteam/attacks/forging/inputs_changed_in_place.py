"""Idea: the answer writes into its arguments, so that the expected value comes to equal its result.
Must: earn nothing, because the arguments here are copies.
"""


def forge(name):
    def overwrite(*given, **named):
        for thing in given:
            try:
                thing[...] = 0
            except (TypeError, IndexError, ValueError):
                try:
                    thing[:] = [0.0] * len(thing)
                except TypeError:
                    pass
        return given[0] if given else 0

    return overwrite
