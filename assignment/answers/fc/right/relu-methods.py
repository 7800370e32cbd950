# x.relu() as a method, keyword defaults
class FC(nn.Module):
    def __init__(self, n_in=784, n_hidden=(512, 256, 128), n_out=10):
        super().__init__()
        a, b, c = n_hidden
        self.W1 = nn.Linear(n_in, a)
        self.W2 = nn.Linear(a, b)
        self.W3 = nn.Linear(b, c)
        self.W4 = nn.Linear(c, n_out)

    def forward(self, x):
        z1 = self.W1(x)
        a1 = z1.relu()
        z2 = self.W2(a1)
        a2 = z2.relu()
        z3 = self.W3(a2)
        a3 = z3.relu()
        return self.W4(a3)
