# a helper class for linear and ReLU in the same cell
class Block(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.linear = nn.Linear(n_in, n_out)

    def forward(self, x):
        return F.relu(self.linear(x))


class FC(nn.Module):
    def __init__(self):
        super().__init__()
        self.b1, self.b2, self.b3 = Block(784, 512), Block(512, 256), Block(256, 128)
        self.out = nn.Linear(128, 10)

    def forward(self, x):
        return self.out(self.b3(self.b2(self.b1(x))))
