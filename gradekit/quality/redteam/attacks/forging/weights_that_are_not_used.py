"""Idea: the network shows weights of the wanted shapes, and computes with others or with none.
Must: earn nothing where the grader computes the logits from the weights itself.
"""

try:
    import torch
    from torch import nn

    class Decoy(nn.Module):
        def __init__(self, *given, **named):
            super().__init__()
            sizes = [784, 512, 256, 128, 10]
            self.shown = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
            self.__dict__["used"] = nn.LazyLinear(10)

        def forward(self, x, *rest):
            return self.used(x.flatten(1))
except ImportError:
    Decoy = dict


def forge(name):
    return Decoy if name[:1].isupper() else Decoy()
