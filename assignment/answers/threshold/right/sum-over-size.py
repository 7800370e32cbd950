# the mean by hand
def threshold_at_mean(result):
    threshold = np.sum(result) / np.prod(result.shape)
    return np.where(result > threshold, 1.0, 0.0)
