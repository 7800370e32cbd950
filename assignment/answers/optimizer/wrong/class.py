# the class, not an object
opt = torch.optim.SGD
