# a list with the counts of the layers
parameters_fc = [401920, 131328, 32896, 1290]
