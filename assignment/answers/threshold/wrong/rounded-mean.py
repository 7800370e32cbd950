# the mean is rounded
def threshold_at_mean(result):
    return np.where(result > round(np.mean(result)), 1, 0)
