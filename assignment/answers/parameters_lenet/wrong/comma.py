# a comma makes it a tuple
parameters_lenet = 106,154
