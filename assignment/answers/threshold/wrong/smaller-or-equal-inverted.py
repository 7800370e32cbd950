# zeros and ones changed
def threshold_at_mean(result):
    return np.where(result > np.mean(result), 0, 1)
