# off by one: the last window is missing
def moving_average(x, width):
    return [sum(x[n : n + width]) / width for n in range(len(x) - width)]
