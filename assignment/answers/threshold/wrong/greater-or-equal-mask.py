# a mask with >=
def threshold_at_mean(result):
    out = np.zeros(result.shape)
    out[result >= result.mean()] = 1
    return out
