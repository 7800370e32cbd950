# ones are written first, then compared again
def threshold_at_mean(result):
    m = np.mean(result)
    out = result.copy()
    out[out > m] = 1
    out[out <= m] = 0
    return out
