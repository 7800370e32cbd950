# the parameters of a copy
import copy

opt = torch.optim.SGD(copy.deepcopy(model_fc).parameters(), lr=learning_rate)
