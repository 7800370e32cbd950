# an nn.ModuleList made and run by loops
class FC(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = [784, 512, 256, 128, 10]
        self.layers = nn.ModuleList([nn.Linear(sizes[i], sizes[i + 1]) for i in range(4)])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)
