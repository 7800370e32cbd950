# each column has its own mean
def threshold_at_mean(result):
    return np.where(result > np.mean(result, axis=0), 1, 0)
