# a helper function, another name for the first argument, a default
def mean_of(window):
    return float(np.sum(window)) / len(window)


def moving_average(signal, width=3):
    starts = range(0, len(signal) - width + 1)
    return np.array([mean_of(signal[start : start + width]) for start in starts])
