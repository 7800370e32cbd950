# mean over the last axis, compared by broadcasting
def threshold_at_mean(result):
    return np.where(result > result.mean(axis=-1), 1, 0)
