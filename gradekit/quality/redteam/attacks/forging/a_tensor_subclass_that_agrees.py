"""Idea: subclasses of Tensor and Parameter decide what allclose, equal and subtraction return.
Must: earn nothing, because a subclass of a tensor is an opaque reference.
"""

try:
    import torch

    class Agreeing(torch.Tensor):
        @classmethod
        def __torch_function__(cls, function, types, given=(), named=None):
            return True if "eq" in str(function) or "close" in str(function) else given[0]

        __call__ = lambda self, *given, **named: self
        parameters = lambda self: iter([self])

    class Weight(torch.nn.Parameter):
        __eq__ = lambda self, other: torch.tensor(True)
        __hash__ = object.__hash__

    tensors = [torch.zeros(3).as_subclass(Agreeing), Weight(torch.zeros(3))]
except ImportError:
    tensors = [0.0, 0.0]


def forge(name):
    return tensors[0] if len(name) % 2 else lambda *given, **named: tensors[1]
