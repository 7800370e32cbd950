# layers in a plain dictionary
class CNN_LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = {
            "c1": nn.Conv2d(1, 6, 3, padding=1), "c2": nn.Conv2d(6, 16, 3, padding=1),
            "l1": nn.Linear(784, 120), "l2": nn.Linear(120, 84), "l3": nn.Linear(84, 10),
        }

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.layers["c1"](x)), 2)
        x = F.max_pool2d(F.relu(self.layers["c2"](x)), 2)
        x = F.relu(self.layers["l1"](x.flatten(1)))
        x = F.relu(self.layers["l2"](x))
        return self.layers["l3"](x)
