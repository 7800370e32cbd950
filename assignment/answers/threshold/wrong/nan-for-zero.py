# NaN in place of 0
def threshold_at_mean(result):
    return np.where(result > np.mean(result), 1.0, np.nan)
