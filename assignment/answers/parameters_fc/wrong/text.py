# a text
parameters_fc = "567434"
