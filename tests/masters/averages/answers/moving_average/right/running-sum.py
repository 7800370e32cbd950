# differences of a running sum
def moving_average(x, width):
    total = np.concatenate([[0.0], np.cumsum(np.asarray(x, dtype=float))])
    return (total[width:] - total[:-width]) / width
