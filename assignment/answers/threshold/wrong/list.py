# a list in place of an array
def threshold_at_mean(result):
    return [1 if v > result.mean() else 0 for v in result.ravel()]
