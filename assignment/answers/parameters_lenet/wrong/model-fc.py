# counted on the wrong network
parameters_lenet = sum(p.numel() for p in model_fc.parameters())
