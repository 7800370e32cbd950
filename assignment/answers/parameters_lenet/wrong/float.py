# a float
parameters_lenet = 106154.0
