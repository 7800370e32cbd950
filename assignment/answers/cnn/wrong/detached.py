# gradient cut before the linear layers
class CNN(nn.Module):
    def __init__(self, filters=(16, 32, 64)):
        super().__init__()
        self.conv1 = nn.Conv2d(1, filters[0], 3, padding=1)
        self.conv2 = nn.Conv2d(filters[0], filters[1], 3, padding=1)
        self.conv3 = nn.Conv2d(filters[1], filters[2], 3, padding=1)
        self.fc1 = nn.Linear(filters[2] * 3 * 3, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.max_pool2d(F.relu(self.conv3(x)), 2)
        x = torch.flatten(x.detach(), 1)
        x = F.relu(self.fc1(x))
        return self.fc2(x)
