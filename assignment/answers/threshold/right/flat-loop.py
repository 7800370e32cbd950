# a loop over the flat array, reshaped
def threshold_at_mean(result):
    mean = np.mean(result)
    flat = [1 if v > mean else 0 for v in result.ravel()]
    return np.array(flat).reshape(result.shape)
