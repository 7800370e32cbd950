# two digits swapped
parameters_fc = 567344
