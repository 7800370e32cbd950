# the table of torchinfo
parameters_fc = summary(model_fc, input_size=(32, 784), verbose=0)
