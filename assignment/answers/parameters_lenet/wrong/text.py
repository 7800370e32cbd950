# a text with a comma
parameters_lenet = "106,154"
