# compared with 128
def threshold_at_mean(result):
    return np.where(result > 128, 1, 0)
