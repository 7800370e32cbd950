"""The reference of the hidden checks, written in another way than the solution."""

import numpy as np


def moving_average(x, width):
    """Return the means of all windows through a running sum, shape (N - width + 1,)."""
    total = np.concatenate([[0.0], np.cumsum(x)])
    return (total[width:] - total[:-width]) / width
