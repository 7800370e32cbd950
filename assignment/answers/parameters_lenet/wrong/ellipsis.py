# not answered
parameters_lenet = None
