# a module for a stage
class ConvBlock(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        return self.pool(self.relu(self.conv(x)))


class CNN(nn.Module):
    def __init__(self, filters=(16, 32, 64)):
        super().__init__()
        a, b, c = filters
        self.block1 = ConvBlock(1, a)
        self.block2 = ConvBlock(a, b)
        self.block3 = ConvBlock(b, c)
        self.fc1 = nn.Linear(c * 9, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = self.block3(self.block2(self.block1(x)))
        x = x.reshape(len(x), -1)
        return self.fc2(self.fc1(x).clamp(min=0))
