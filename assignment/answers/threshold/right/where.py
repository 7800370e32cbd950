# np.where
def threshold_at_mean(result):
    return np.where(result > result.mean(), 1, 0)
