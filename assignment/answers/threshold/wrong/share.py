# the share above the mean
def threshold_at_mean(result):
    return np.mean(result > np.mean(result))
