# np.ones times the mask
def threshold_at_mean(result):
    return np.ones(result.shape) * (result > result.mean())
