"""Idea: parameters(), state_dict(), numel() and the printed form are made up; nothing is computed.
Must: earn nothing where behaviour is checked; at most a check of declarations alone believes it.
"""

import itertools

try:
    import torch
    from torch import nn

    class Declared(nn.Module):
        def __init__(self, *given, **named):
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(10, 10))

        def forward(self, x, *rest):
            return torch.zeros(len(x), 10, requires_grad=True)

        def parameters(self, recurse=True):
            yield from itertools.repeat(self.weight, 8)

        def state_dict(self, *given, **named):
            return {f"layer{k}.weight": self.weight for k in range(8)}

        load_state_dict = lambda self, *given, **named: None
        __repr__ = lambda self: "Net((fc1): Linear(784, 512))"
except ImportError:
    Declared = object


def forge(name):
    return Declared if name[:1].isupper() else Declared()
