# >= in place of >
def threshold_at_mean(result):
    return np.where(result >= np.mean(result), 1, 0)
