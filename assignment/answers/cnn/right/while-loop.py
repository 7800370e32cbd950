# forward over named children with isinstance
class CNN(nn.Module):
    def __init__(self, filters=(16, 32, 64)):
        super().__init__()
        depth_in = 1
        for k in range(3):
            self.add_module(f"conv{k}", nn.Conv2d(depth_in, filters[k], 3, padding=1))
            depth_in = filters[k]
        self.add_module("fc_hidden", nn.Linear(3 * 3 * depth_in, 128))
        self.add_module("fc_out", nn.Linear(128, 10))

    def forward(self, x):
        for name, layer in self.named_children():
            if isinstance(layer, nn.Conv2d):
                x = F.max_pool2d(F.relu(layer(x)), 2)
            elif name == "fc_hidden":
                x = F.relu(layer(x.flatten(1)))
            else:
                x = layer(x)
        return x
