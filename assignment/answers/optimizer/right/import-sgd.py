# SGD imported by name, parameters as a list
from torch.optim import SGD

opt = SGD(list(model_fc.parameters()), lr=learning_rate)
opt
