# biases for the 784 inputs too
parameters_fc = 784 + 784 * 512 + 512 + 512 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10
