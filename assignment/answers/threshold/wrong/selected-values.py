# the values above the mean, not a mask
def threshold_at_mean(result):
    return result[result > result.mean()]
