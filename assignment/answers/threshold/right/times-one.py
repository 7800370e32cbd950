# a comparison times 1
def threshold_at_mean(result):
    return 1 * (result > np.average(result))
