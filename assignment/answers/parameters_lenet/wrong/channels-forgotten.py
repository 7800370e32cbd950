# the 6 input channels of the second convolution forgotten
parameters_lenet = 10 * 6 + 10 * 16 + 785 * 120 + 121 * 84 + 85 * 10
