# the comparison itself
def threshold_at_mean(result):
    return result > result.mean()
