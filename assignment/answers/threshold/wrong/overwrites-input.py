# zeros and ones are written into result
def threshold_at_mean(result):
    mean = result.mean()
    above = result > mean
    result[above] = 1
    result[~above] = 0
    return result
