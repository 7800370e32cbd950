# setattr with numbers from 1
class CNN(nn.Module):
    def __init__(self, filters=(16, 32, 64)):
        super().__init__()
        previous = 1
        for number, f in enumerate(filters, 1):
            setattr(self, "conv%d" % number, nn.Conv2d(previous, f, 3, padding="same"))
            previous = f
        self.lin1 = nn.Linear(previous * 3 ** 2, 128)
        self.lin2 = nn.Linear(128, 10)

    def forward(self, x):
        for number in range(1, 4):
            x = getattr(self, "conv%d" % number)(x)
            x = torch.max_pool2d(torch.relu(x), 2)
        return self.lin2(torch.relu(self.lin1(torch.flatten(x, start_dim=1))))
