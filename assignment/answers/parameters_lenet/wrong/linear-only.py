# the linear layers alone
parameters_lenet = 785 * 120 + 121 * 84 + 85 * 10
