# in and out features swapped
class FC(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(512, 784)
        self.fc2 = nn.Linear(256, 512)
        self.fc3 = nn.Linear(128, 256)
        self.fc4 = nn.Linear(10, 128)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = F.relu(self.fc3(x))
        x = self.fc4(x)
        return x
