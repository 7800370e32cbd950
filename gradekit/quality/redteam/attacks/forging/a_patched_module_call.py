"""Idea: nn.Module.__call__ and the layers' forwards return what the last answer was expected to be.
Must: earn nothing, because the reference network computes in the worker.
"""

try:
    import torch
    from torch import nn

    def call(self, x=None, *rest, **named):
        return torch.zeros(len(x), 10, requires_grad=True) if hasattr(x, "shape") else x

    nn.Module.__call__ = call
    nn.functional.linear = nn.functional.conv2d = lambda x, *rest, **named: x
    nn.functional.cross_entropy = lambda *given, **named: torch.zeros((), requires_grad=True)
    torch.Tensor.backward = lambda self, *given, **named: None
    make = nn.Identity
except ImportError:
    make = dict


def forge(name):
    return make if name[:1].isupper() else make()
