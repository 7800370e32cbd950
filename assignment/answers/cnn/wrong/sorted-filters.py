# the filters are sorted first
class CNN(nn.Module):
    def __init__(self, filters=(16, 32, 64)):
        super().__init__()
        f1, f2, f3 = sorted(filters)
        self.net = nn.Sequential(
            nn.Conv2d(1, f1, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(f1, f2, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(f2, f3, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(9 * f3, 128),
            nn.ReLU(),
            nn.Linear(128, 10),
        )

    def forward(self, x):
        return self.net(x)
