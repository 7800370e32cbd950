# one bias for each input
parameters_fc = 784 * (512 + 1) + 512 * (256 + 1) + 256 * (128 + 1) + 128 * (10 + 1)
