# a division makes it a float
parameters_lenet = (2 * 106154) / 2
