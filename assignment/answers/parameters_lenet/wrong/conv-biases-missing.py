# the biases of the convolutions forgotten
parameters_lenet = 54 + 864 + 785 * 120 + 121 * 84 + 85 * 10
