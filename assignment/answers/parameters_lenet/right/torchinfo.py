# the trainable total of torchinfo
parameters_lenet = summary(CNN_LeNet(), (1, 1, 28, 28), verbose=0).trainable_params
