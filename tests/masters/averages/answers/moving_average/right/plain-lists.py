# no NumPy at all: a list of means
def moving_average(x, width):
    return [sum(x[n : n + width]) / width for n in range(len(x) - width + 1)]
