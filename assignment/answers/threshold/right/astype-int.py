# a comparison turned into integers
def threshold_at_mean(result):
    return (result > np.mean(result)).astype(int)
