# optim imported in the cell
from torch import optim

opt = optim.SGD(model_fc.parameters(), lr=learning_rate)
