# step by step
conv1 = (9 * 1 + 1) * 6
conv2 = (9 * 6 + 1) * 16
lin1 = (16 * 7 * 7 + 1) * 120
lin2 = 121 * 84
lin3 = 85 * 10
parameters_lenet = conv1 + conv2 + lin1 + lin2 + lin3
