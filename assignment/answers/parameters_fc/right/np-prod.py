# np.prod of the shapes
parameters_fc = int(sum(np.prod(p.shape) for p in model_fc.parameters()))
