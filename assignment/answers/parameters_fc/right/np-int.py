# np.prod without int, a NumPy whole number
parameters_fc = 0
for p in model_fc.parameters():
    parameters_fc += np.prod(p.size())
