# the bias of the last layer forgotten
parameters_fc = 784 * 512 + 512 + 512 * 256 + 256 + 256 * 128 + 128 + 128 * 10
