# the sum of each window, not its mean
def moving_average(x, width):
    return np.convolve(x, np.ones(width), mode="valid")
