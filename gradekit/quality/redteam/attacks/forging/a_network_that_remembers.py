"""Idea: forward looks its input up among those it has seen, and repeats what went well before.
Must: earn nothing, because hidden inputs are new each time.
"""

try:
    import torch
    from torch import nn

    memory = {}

    class Memory(nn.Module):
        def __init__(self, *given, **named):
            super().__init__()
            self.only = nn.Linear(1, 10)

        def forward(self, x, *rest):
            key = tuple(x.shape)
            known = memory.setdefault(key, x.flatten(1).mean(1, keepdim=True).expand(len(x), 10))
            return known + 0 * self.only(known[:, :1])

        def load_state_dict(self, state, *given, **named):
            memory.clear()
except ImportError:
    Memory = dict


def forge(name):
    return Memory if name[:1].isupper() else Memory()
