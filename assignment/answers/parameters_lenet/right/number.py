# the number alone
parameters_lenet = 106154
