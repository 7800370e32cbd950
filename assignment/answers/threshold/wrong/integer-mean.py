# the mean is cut to a whole number
def threshold_at_mean(result):
    return np.where(result > int(result.mean()), 1, 0)
