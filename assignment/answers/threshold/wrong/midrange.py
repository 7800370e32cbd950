# half way between smallest and largest
def threshold_at_mean(result):
    return np.where(result > (result.max() + result.min()) / 2, 1, 0)
