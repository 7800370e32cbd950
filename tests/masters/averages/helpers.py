"""What the notebook on moving averages needs beside NumPy."""

import numpy as np


def noisy_pulse(seed):
    """Return a bell of height 1 around sample 60 in noise of 0.2, shape (120,)."""
    n = np.arange(120)
    bell = np.exp(-(((n - 60) / 12.0) ** 2))
    return bell + np.random.default_rng(seed).normal(scale=0.2, size=n.size)
