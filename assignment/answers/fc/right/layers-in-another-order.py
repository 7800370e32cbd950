# attributes created from the output to the input
class FC(nn.Module):
    def __init__(self):
        super().__init__()
        self.output = nn.Linear(128, 10)
        self.third = nn.Linear(256, 128)
        self.second = nn.Linear(512, 256)
        self.first = nn.Linear(784, 512)

    def forward(self, x):
        h1 = F.relu(self.first(x))
        h2 = F.relu(self.second(h1))
        h3 = F.relu(self.third(h2))
        return self.output(h3)
