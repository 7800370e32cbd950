# all sizes multiplied
parameters_fc = 784 * 512 * 256 * 128 * 10
