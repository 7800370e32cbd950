# the number of tensors
parameters_fc = len(list(model_fc.parameters()))
