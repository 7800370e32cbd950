# filters are stored and used in forward for the reshape
class CNN(nn.Module):
    def __init__(self, filters=(16, 32, 64)):
        super(CNN, self).__init__()
        self.filters = list(filters)
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=self.filters[0], kernel_size=3, stride=1, padding=1)
        self.conv2 = nn.Conv2d(in_channels=self.filters[0], out_channels=self.filters[1], kernel_size=3, stride=1, padding=1)
        self.conv3 = nn.Conv2d(in_channels=self.filters[1], out_channels=self.filters[2], kernel_size=3, stride=1, padding=1)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.fc1 = nn.Linear(in_features=self.filters[-1] * 3 * 3, out_features=128)
        self.fc2 = nn.Linear(in_features=128, out_features=10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = self.pool(F.relu(self.conv3(x)))
        x = x.view(-1, self.filters[2] * 3 * 3)
        x = F.relu(self.fc1(x))
        x = self.fc2(x)
        return x
