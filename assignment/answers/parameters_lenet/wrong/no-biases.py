# the weights alone
parameters_lenet = 9 * 6 + 9 * 6 * 16 + 784 * 120 + 120 * 84 + 84 * 10
