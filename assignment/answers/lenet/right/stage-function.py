# a function that makes one stage
def stage(c_in, c_out):
    return nn.Sequential(nn.Conv2d(c_in, c_out, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))


def dense(n_in, n_out):
    return nn.Sequential(nn.Linear(n_in, n_out), nn.ReLU())


class CNN_LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            stage(1, 6), stage(6, 16), nn.Flatten(start_dim=1), dense(784, 120), dense(120, 84), nn.Linear(84, 10)
        )

    def forward(self, x):
        return self.net(x)
