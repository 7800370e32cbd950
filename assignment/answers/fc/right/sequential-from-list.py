# a list of layers, the last ReLU popped, unpacked into Sequential
class FC(nn.Module):
    """784 -> 512 -> 256 -> 128 -> 10."""

    def __init__(self):
        super().__init__()
        dims = (784, 512, 256, 128, 10)
        modules = []
        for n_in, n_out in zip(dims[:-1], dims[1:]):
            modules.append(nn.Linear(n_in, n_out))
            modules.append(nn.ReLU(inplace=True))
        modules.pop()  # no activation on the logits
        self.net = nn.Sequential(*modules)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)
