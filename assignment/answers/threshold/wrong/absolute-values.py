# absolute values are compared
def threshold_at_mean(result):
    a = np.abs(result)
    return np.where(a > a.mean(), 1, 0)
