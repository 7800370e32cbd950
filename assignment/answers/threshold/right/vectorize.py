# np.vectorize with otypes
def threshold_at_mean(result):
    mean = np.mean(result)
    step = np.vectorize(lambda v: 1 if v > mean else 0, otypes=[int])
    return step(result)
