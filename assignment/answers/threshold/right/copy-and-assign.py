# a copy and two masks
def threshold_at_mean(result):
    m = result.mean()
    new = result.copy()
    new[result > m] = 1
    new[result <= m] = 0
    return new
