# the median
def threshold_at_mean(result):
    return np.where(result > np.median(result), 1, 0)
