# printed, not returned
def threshold_at_mean(result):
    print(np.where(result > np.mean(result), 1, 0))
