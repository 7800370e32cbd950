# ReLU written by hand: torch.where and multiplication
def relu(x):
    return torch.max(x, torch.tensor(0.0))


class FC(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 512)
        self.fc2 = nn.Linear(512, 256)
        self.fc3 = nn.Linear(256, 128)
        self.fc4 = nn.Linear(128, 10)

    def forward(self, x):
        x = self.fc1(x)
        x = torch.where(x > 0, x, torch.zeros_like(x))
        x = self.fc2(x)
        x = x * (x > 0)
        x = relu(self.fc3(x))
        x = self.fc4(x)
        return x
