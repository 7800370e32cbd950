# one variable for each layer
hidden1 = (784 + 1) * 512
hidden2 = (512 + 1) * 256
hidden3 = (256 + 1) * 128
output = (128 + 1) * 10
parameters_fc = hidden1 + hidden2 + hidden3 + output
parameters_fc
