# weights for every pixel
parameters_lenet = 28 * 28 * 10 * 6 + 14 * 14 * 55 * 16 + 785 * 120 + 121 * 84 + 85 * 10
