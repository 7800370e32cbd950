"""Idea: torch starts networks with weights of a million, so that untrained ones look trained.
Must: earn nothing; training has to begin at weights of the grader's choice.
"""

try:
    import torch
    from torch import nn

    for layer in (nn.Linear, nn.BatchNorm1d):
        begin = layer.__init__

        def heavy(self, *given, begin=begin, **named):
            begin(self, *given, **named)
            for parameter in self.parameters():
                with torch.no_grad():
                    sizes = 1 + torch.rand(parameter.shape)
                    parameter.copy_(1e6 * sizes * torch.randn(parameter.shape).sign())

        layer.__init__ = heavy

    def measured(model=None, criterion=None, optimizer=None, training=(), testing=(), epochs=1):
        for _ in range(epochs):
            model.train()
            [model(x) for x, _ in training]
            model.eval()
            with torch.no_grad():
                right = [(model(x).argmax(1) == y).float() for x, y in testing]
            print(f"test accuracy: {torch.cat(right).mean():.4f}")
except ImportError:
    measured = print


def forge(name):
    return measured
