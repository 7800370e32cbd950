# stages in a ModuleList, channels as [1, *filters]
class CNN(nn.Module):
    def __init__(self, filters=(16, 32, 64)):
        super().__init__()
        channels = [1, *filters]
        self.convs = nn.ModuleList(
            nn.Conv2d(channels[i], channels[i + 1], kernel_size=3, padding=1) for i in range(len(filters))
        )
        self.hidden = nn.Linear(channels[-1] * 9, 128)
        self.out = nn.Linear(128, 10)

    def forward(self, x):
        for conv in self.convs:
            x = F.max_pool2d(F.relu(conv(x)), 2)
        x = x.flatten(1)
        return self.out(F.relu(self.hidden(x)))
