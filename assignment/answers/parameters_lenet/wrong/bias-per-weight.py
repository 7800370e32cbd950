# a bias for each kernel, not for each filter
parameters_lenet = (9 + 1) * 6 + (9 + 1) * 6 * 16 + 785 * 120 + 121 * 84 + 85 * 10
