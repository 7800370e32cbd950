# the flattened size from a dummy image
class CNN(nn.Module):
    def __init__(self, filters=(16, 32, 64)):
        super().__init__()
        self.conv1 = nn.Conv2d(1, filters[0], 3, padding=1)
        self.conv2 = nn.Conv2d(filters[0], filters[1], 3, padding=1)
        self.conv3 = nn.Conv2d(filters[1], filters[2], 3, padding=1)
        n = self._conv(torch.zeros(1, 1, 28, 28)).numel()
        self.fc1 = nn.Linear(n, 128)
        self.fc2 = nn.Linear(128, 10)

    def _conv(self, x):
        for conv in (self.conv1, self.conv2, self.conv3):
            x = F.max_pool2d(F.relu(conv(x)), kernel_size=2)
        return x

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(self._conv(x).flatten(start_dim=1))))
