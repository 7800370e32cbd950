# the size in bytes
parameters_fc = sum(p.numel() * p.element_size() for p in model_fc.parameters())
