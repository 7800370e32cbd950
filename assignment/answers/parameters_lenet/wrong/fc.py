# that of the perceptron
parameters_lenet = parameters_fc
