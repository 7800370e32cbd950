# layers made with setattr and found with getattr
import itertools


class FC(nn.Module):
    def __init__(self):
        super().__init__()
        self.n_layers = 0
        for i, (a, b) in enumerate(itertools.pairwise([784, 512, 256, 128, 10]), start=1):
            setattr(self, f"layer_{i}", nn.Linear(a, b))
            self.n_layers = i

    def forward(self, x):
        for i in range(1, self.n_layers + 1):
            x = getattr(self, f"layer_{i}")(x)
            if i < self.n_layers:
                x = F.relu(x)
        return x
