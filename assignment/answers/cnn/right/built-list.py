# layers appended to a list in a loop
class CNN(nn.Module):
    def __init__(self, filters=(16, 32, 64)):
        super().__init__()
        layers = []
        n_in = 1
        for n_out in filters:
            layers += [nn.Conv2d(n_in, n_out, 3, stride=1, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
            n_in = n_out
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Linear(n_in * 3 * 3, 128), nn.ReLU(), nn.Linear(128, 10))

    def forward(self, x):
        x = self.features(x)
        x = x.view(x.size(0), -1)
        return self.classifier(x)
