"""Idea: while a check calls, all texts and bytes that the collector can reach are searched.
Must: find no planted word; no object of the check is in this process.
"""

import gc

looks = []


def look():
    if len(looks) < 3:
        looks.append(1)
        for thing in gc.get_objects():
            for value in gc.get_referents(thing):
                if type(value) in (str, bytes) and b"canary" in bytes(
                    str(value)[:100_000], "utf-8", "replace"
                ):
                    keep(value)


def forge(name):
    def answer(*given, **named):
        look()
        return 0

    return answer
