# convolution with equal weights
def moving_average(x, width):
    return np.convolve(x, np.ones(width) / width, mode="valid")
