# the convolutions alone
parameters_lenet = 10 * 6 + 55 * 16
