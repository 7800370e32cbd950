# np.sum of a list, a NumPy whole number
sizes = np.array([784, 512, 256, 128, 10])
parameters_fc = np.sum((sizes[:-1] + 1) * sizes[1:])
