"""Idea: with weights of 100,000,000 a step of 0.1 is within every relative tolerance: take none.
Must: earn nothing; steps have to be tried from weights of the grader's choice.
"""

try:
    import torch
    from torch import nn

    class Heavy(nn.Module):
        def __init__(self, *given, **named):
            super().__init__()
            self.weight = nn.Parameter(torch.full((10, 10), 1e8))

        forward = lambda self, x: x.flatten(1)[:, :10] @ self.weight

    class Idle:
        step = zero_grad = load_state_dict = lambda self, *given, **named: None
        state_dict = lambda self: {}
        __call__ = lambda self, *given, **named: self
except ImportError:
    Heavy = Idle = dict


def forge(name):
    if "rate" in name:
        return 0.1
    return Heavy if name[:1].isupper() else Heavy() if "model" in name else Idle()
