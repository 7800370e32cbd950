# a softmax is created but not applied; shapes are printed
class FC(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 512)
        self.fc2 = nn.Linear(512, 256)
        self.fc3 = nn.Linear(256, 128)
        self.fc4 = nn.Linear(128, 10)
        self.softmax = nn.Softmax(dim=1)  # only for predictions
        self.flatten = nn.Flatten()

    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = F.relu(self.fc3(x))
        x = self.fc4(x)
        return x


    def predict(self, x):
        return self.softmax(self.forward(x)).argmax(dim=1)


torch.manual_seed(0)
print(FC())
print(FC()(torch.rand(3, 784)).shape)
