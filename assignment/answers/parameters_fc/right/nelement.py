# nelement in a function
def count_parameters(model):
    return sum(p.nelement() for p in model.parameters())


parameters_fc = count_parameters(FC())
print("parameters:", parameters_fc)
