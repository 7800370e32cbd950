# FC is itself a Sequential
class FC(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Linear(784, 512), nn.ReLU(),
            nn.Linear(512, 256), nn.ReLU(),
            nn.Linear(256, 128), nn.ReLU(),
            nn.Linear(128, 10),
        )
