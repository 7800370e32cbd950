# the parameters, not their number
parameters_fc = model_fc.parameters()
