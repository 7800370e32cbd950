# sign of the difference, negative ones to 0
def threshold_at_mean(result):
    s = np.sign(result - np.mean(result))
    return np.maximum(s, 0)
