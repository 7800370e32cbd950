# one too many
parameters_fc = 567435
