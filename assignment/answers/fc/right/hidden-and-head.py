# a body with activations and a separate head
class FC(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU()
        )
        self.head = nn.Linear(128, 10)

    def forward(self, x):
        features = self.body(torch.flatten(x, start_dim=1))
        return self.head(features)
