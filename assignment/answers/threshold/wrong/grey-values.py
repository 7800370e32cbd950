# 0 and 255
def threshold_at_mean(result):
    return np.where(result > np.mean(result), 255, 0)
