# sum of a list of weights and one of biases
weights = [54, 864, 94080, 10080, 840]
biases = [6, 16, 120, 84, 10]
parameters_lenet = sum(weights) + sum(biases)
