# scaled to 0 ... 1, not thresholded
def threshold_at_mean(result):
    r = result - result.min()
    return r / max(r.max(), 1e-12)
