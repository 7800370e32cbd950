# the mean of the absolute values
def threshold_at_mean(result):
    return np.where(result > np.mean(np.abs(result)), 1, 0)
