# import torch.optim as optim, positional rate
import torch.optim as optim

opt = optim.SGD(model_fc.parameters(), learning_rate)
