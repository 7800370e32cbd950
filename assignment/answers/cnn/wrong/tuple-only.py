# (1,) + filters works with tuples alone
class CNN(nn.Module):
    def __init__(self, filters=(16, 32, 64)):
        super().__init__()
        c = (1,) + filters
        self.convs = nn.ModuleList([nn.Conv2d(a, b, 3, padding=1) for a, b in zip(c[:-1], c[1:])])
        self.fc1 = nn.Linear(c[-1] * 9, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        for conv in self.convs:
            x = F.max_pool2d(F.relu(conv(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))
