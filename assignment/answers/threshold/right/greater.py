# np.greater with a dtype
def threshold_at_mean(result):
    return np.greater(result, np.mean(result)).astype(np.float32)
