# a hidden layer of 500 units
parameters_fc = 785 * 500 + 501 * 256 + 257 * 128 + 129 * 10
