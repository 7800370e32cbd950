# in thousands
parameters_fc = 567
