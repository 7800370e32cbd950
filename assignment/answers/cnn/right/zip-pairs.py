# zip over (1,) + tuple(filters)
class CNN(nn.Module):
    def __init__(self, filters=(16, 32, 64)):
        super().__init__()
        chans = (1,) + tuple(filters)
        self.stages = nn.Sequential(
            *[nn.Sequential(nn.Conv2d(i, o, 3, 1, 1), nn.MaxPool2d(2), nn.ReLU()) for i, o in zip(chans, chans[1:])]
        )
        self.flatten = nn.Flatten()
        self.linear = nn.Sequential(nn.Linear(chans[-1] * 3 * 3, 128), nn.ReLU(), nn.Linear(128, 10))

    def forward(self, x):
        return self.linear(self.flatten(self.stages(x)))
