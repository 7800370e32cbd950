# one pooling module and one ReLU module used everywhere
class CNN_LeNet(nn.Module):
    """LeNet-5, a variant: two convolutional stages and three linear layers."""

    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.act = nn.ReLU()
        self.c1 = nn.Conv2d(1, 6, 3, 1, 1)
        self.c2 = nn.Conv2d(6, 16, 3, 1, 1)
        self.l1 = nn.Linear(784, 120)
        self.l2 = nn.Linear(120, 84)
        self.l3 = nn.Linear(84, 10)

    def forward(self, x):
        # (N, 1, 28, 28)
        x = self.pool(self.act(self.c1(x)))  # (N, 6, 14, 14)
        x = self.pool(self.act(self.c2(x)))  # (N, 16, 7, 7)
        x = x.reshape(x.shape[0], -1)
        x = self.act(self.l1(x))
        x = self.act(self.l2(x))
        x = self.l3(x)
        return x
