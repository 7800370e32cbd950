# a loop over the sizes
sizes = [784, 512, 256, 128, 10]
parameters_fc = 0
for a, b in zip(sizes, sizes[1:]):
    parameters_fc += a * b + b
