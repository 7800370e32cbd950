# the size computed with NumPy from the shape of the image
class CNN(nn.Module):
    def __init__(self, filters=(16, 32, 64), num_classes=10):
        super().__init__()
        size = 28
        layers = nn.ModuleList()
        c = 1
        for f in np.array(filters):
            layers.append(nn.Conv2d(c, int(f), 3, padding=1))
            c = int(f)
            size = size // 2
        self.layers = layers
        self.fc1 = nn.Linear(int(np.prod([c, size, size])), 128)
        self.fc2 = nn.Linear(128, num_classes)

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
            x = F.max_pool2d(x, 2)
        x = x.reshape(x.shape[0], -1)
        x = F.relu(self.fc1(x))
        return self.fc2(x)
