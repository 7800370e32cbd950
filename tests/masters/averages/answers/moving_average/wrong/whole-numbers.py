# the result is stored in the type of the input, so whole numbers are cut off
def moving_average(x, width):
    x = np.array(x)
    y = np.zeros(len(x) - width + 1, dtype=x.dtype)
    for n in range(len(y)):
        y[n] = x[n : n + width].mean()
    return y
