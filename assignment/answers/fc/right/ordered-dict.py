# named layers in an OrderedDict
from collections import OrderedDict


class FC(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(
            OrderedDict(
                [
                    ("fc1", nn.Linear(784, 512)),
                    ("relu1", nn.ReLU()),
                    ("fc2", nn.Linear(512, 256)),
                    ("relu2", nn.ReLU()),
                    ("fc3", nn.Linear(256, 128)),
                    ("relu3", nn.ReLU()),
                    ("out", nn.Linear(128, 10)),
                ]
            )
        )

    def forward(self, x):
        logits = self.model(x)
        return logits
