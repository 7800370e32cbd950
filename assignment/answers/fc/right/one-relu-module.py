# one nn.ReLU shared by all layers, nested calls
class FC(nn.Module):
    def __init__(self):
        super().__init__()
        self.relu = nn.ReLU()
        self.lin_in = nn.Linear(in_features=28 * 28, out_features=512)
        self.lin_h1 = nn.Linear(in_features=512, out_features=256)
        self.lin_h2 = nn.Linear(in_features=256, out_features=128)
        self.lin_out = nn.Linear(in_features=128, out_features=10, bias=True)

    def forward(self, x):
        return self.lin_out(self.relu(self.lin_h2(self.relu(self.lin_h1(self.relu(self.lin_in(x)))))))
