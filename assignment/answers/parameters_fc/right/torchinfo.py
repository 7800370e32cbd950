# the total of torchinfo
parameters_fc = summary(model_fc, input_size=(1, 784), verbose=0).total_params
