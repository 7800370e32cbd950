# numel summed over the network
parameters_fc = sum(p.numel() for p in model_fc.parameters())
