# the values times the mask
def threshold_at_mean(result):
    return result * (result > result.mean())
