# the mean of what is not 0
def threshold_at_mean(result):
    return np.where(result > result[result != 0].mean(), 1, 0)
