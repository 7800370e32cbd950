# the number of units
parameters_fc = 784 + 512 + 256 + 128 + 10
