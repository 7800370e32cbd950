# the weights alone
parameters_fc = 784 * 512 + 512 * 256 + 256 * 128 + 128 * 10
