# two ModuleLists and loops
class CNN_LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        channels = [1, 6, 16]
        units = [7 * 7 * 16, 120, 84]
        self.convs = nn.ModuleList()
        for c_in, c_out in zip(channels, channels[1:]):
            self.convs.append(nn.Conv2d(c_in, c_out, 3, padding=1))
        self.linears = nn.ModuleList([nn.Linear(a, b) for a, b in zip(units, units[1:])])
        self.output = nn.Linear(84, 10)

    def forward(self, x):
        for conv in self.convs:
            x = F.max_pool2d(conv(x).relu(), 2)
        x = x.flatten(1)
        for linear in self.linears:
            x = linear(x).relu()
        return self.output(x)
