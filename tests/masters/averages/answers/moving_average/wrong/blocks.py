# blocks side by side in place of a sliding window
def moving_average(x, width):
    return [sum(x[n : n + width]) / width for n in range(0, len(x) - width + 1, width)]
