# the first layer alone
parameters_fc = 784 * 512 + 512
