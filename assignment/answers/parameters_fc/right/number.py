# the number alone
parameters_fc = 567434
