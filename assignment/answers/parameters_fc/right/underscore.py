# the number with an underscore, and printed
parameters_fc = 567_434
print(parameters_fc)
