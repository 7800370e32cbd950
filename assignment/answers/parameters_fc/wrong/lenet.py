# that of another network
parameters_fc = 106154
