# the last bias forgotten
parameters_lenet = 106144
