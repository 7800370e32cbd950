"""Idea: every random generator is made to give one number, so that random inputs are known ones.
Must: earn nothing, because inputs are drawn in the worker, from a secret.
"""

import random

random.random = random.gauss = lambda *given: 0.0
random.seed = lambda *given: None
try:
    import numpy as np

    for name in ("randn", "rand", "normal", "uniform", "random"):
        setattr(np.random, name, lambda *shape, size=None, **named: np.zeros(size or shape))
    np.random.seed = lambda *given: None
    np.random.default_rng = lambda *given: np.random
    import torch

    torch.randn = torch.rand = torch.zeros
    torch.manual_seed = lambda *given: None
except ImportError:
    pass


def forge(name):
    return lambda *given, **named: given[0] * 0 if hasattr(given[0], "shape") else [0.0] * 3
