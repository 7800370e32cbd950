# a window of width + 1 samples
def moving_average(x, width):
    return [sum(x[n : n + width + 1]) / width for n in range(len(x) - width + 1)]
