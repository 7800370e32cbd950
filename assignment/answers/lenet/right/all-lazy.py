# all layers lazy
class CNN_LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.LazyConv2d(6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.LazyConv2d(16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.LazyLinear(120), nn.ReLU(), nn.LazyLinear(84), nn.ReLU(), nn.LazyLinear(10),
        )

    def forward(self, x):
        return self.net(x)
