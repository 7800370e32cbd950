# compared with 0
def threshold_at_mean(result):
    return np.where(result > 0, 1, 0)
