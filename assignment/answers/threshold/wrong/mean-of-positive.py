# the mean of the positive values
def threshold_at_mean(result):
    return np.where(result > np.mean(result[result > 0]), 1, 0)
