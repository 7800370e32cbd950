# mean plus standard deviation
def threshold_at_mean(result):
    return np.where(result > np.mean(result) + np.std(result), 1, 0)
