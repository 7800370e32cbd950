# a NumPy whole number
parameters_lenet = np.sum([np.prod(p.shape) for p in model_lenet.parameters()])
