# values above the mean stay as they are
def threshold_at_mean(result):
    return np.where(result > np.mean(result), result, 0)
