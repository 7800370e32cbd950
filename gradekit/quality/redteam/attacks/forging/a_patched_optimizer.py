"""Idea: the optimizers' step() writes any weights, and the loaders give other batches than asked.
Must: earn nothing, because the weights after training are compared with ones trained elsewhere.
"""

try:
    import torch
    from torch.utils.data import DataLoader

    def step(self, closure=None):
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.data.sub_(0.1)

    for optimizer in (torch.optim.SGD, torch.optim.Adam, torch.optim.Optimizer):
        optimizer.step = step
    DataLoader.__iter__ = lambda self: iter([])
    DataLoader.__len__ = lambda self: 1
except ImportError:
    step = None


def forge(name):
    def train(model=None, criterion=None, optimizer=None, *loaders, **named):
        if hasattr(optimizer, "step"):
            optimizer.step()
        print("test accuracy: 1.000")

    return train
