# numel summed over the network
parameters_lenet = sum(p.numel() for p in model_lenet.parameters())
