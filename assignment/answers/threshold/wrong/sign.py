# np.sign keeps the -1
def threshold_at_mean(result):
    return np.sign(result - result.mean())
