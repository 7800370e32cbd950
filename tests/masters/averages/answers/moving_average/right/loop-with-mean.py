# a loop over the windows, NumPy's mean in each
def moving_average(x, width):
    x = np.array(x)
    y = np.zeros(len(x) - width + 1)
    for n in range(len(y)):
        y[n] = x[n : n + width].mean()
    return y
