# works with one axis only
def threshold_at_mean(result):
    m = np.mean(result)
    return np.array([1 if v > m else 0 for v in result])
