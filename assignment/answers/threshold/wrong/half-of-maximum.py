# half of the largest
def threshold_at_mean(result):
    return np.where(result > result.max() / 2, 1, 0)
