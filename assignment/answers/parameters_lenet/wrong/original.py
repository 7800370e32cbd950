# the original LeNet-5
parameters_lenet = 61706
