# kernels of 5
parameters_lenet = 26 * 6 + (25 * 6 + 1) * 16 + 785 * 120 + 121 * 84 + 85 * 10
