# a float
parameters_fc = float(sum(p.numel() for p in model_fc.parameters()))
