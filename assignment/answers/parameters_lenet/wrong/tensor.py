# a tensor of no axis
parameters_lenet = sum(torch.tensor(p.numel()) for p in model_lenet.parameters())
