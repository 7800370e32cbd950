"""Idea: Arrays of objects, dates, records and texts, whose conversion calls the student's methods.
Must: Unfit answers, each within the time of a call.
"""

import time

try:
    import numpy as np
except ImportError:
    np = None


class Slow(float):
    def __float__(self):
        time.sleep(60)

    __array__ = __reduce__ = __deepcopy__ = tobytes = tolist = __int__ = __index__ = __float__


def forge(name):
    def answer(*given):
        kinds = [object, "datetime64[as]", "U100000", [("a", "f8", (10**4,))], "S1000"]
        return np.full(1000, Slow(1) if len(given[0]) % 5 == 0 else 0, "O").astype(
            kinds[len(given[0]) % 5]
        )

    return answer if "position" not in name else Slow(3)
