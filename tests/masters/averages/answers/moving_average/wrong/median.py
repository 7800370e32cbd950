# the median of each window
def moving_average(x, width):
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(x, dtype=float), width)
    return np.median(windows, axis=1)
