"""Idea: an identity function; where a check keeps its input by reference, it is compared with itself.
Must: earn nothing, because arguments are copies and the expected value is not among them.
"""


def forge(name):
    def back(*given, **named):
        for thing in given:
            if hasattr(thing, "shape"):
                return thing
        return given[0] if given else named

    return back
