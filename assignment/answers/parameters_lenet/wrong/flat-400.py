# 400 inputs of the first linear layer, as without padding
parameters_lenet = 60 + 880 + 401 * 120 + 121 * 84 + 85 * 10
