# negated <=
def threshold_at_mean(result):
    return np.logical_not(result <= np.mean(result)).astype(np.int32)
