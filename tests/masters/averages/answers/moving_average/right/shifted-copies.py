# the sum of shifted copies
def moving_average(x, width):
    x = np.asarray(x, dtype=float)
    last = len(x) - width + 1
    return sum(x[k : k + last] for k in range(width)) / width
