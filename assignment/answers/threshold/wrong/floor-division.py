# sum // size
def threshold_at_mean(result):
    return np.where(result > result.sum() // result.size, 1, 0)
