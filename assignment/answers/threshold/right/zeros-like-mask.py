# zeros, and ones by a mask
def threshold_at_mean(result):
    out = np.zeros_like(result)
    out[result > result.mean()] = 1
    return out
