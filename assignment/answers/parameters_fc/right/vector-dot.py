# np.dot of sizes, turned into int
a = np.array([784, 512, 256, 128])
b = np.array([512, 256, 128, 10])
parameters_fc = int(np.dot(a, b) + b.sum())
