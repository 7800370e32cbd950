# nothing is returned
def threshold_at_mean(result):
    thresholded = np.where(result > np.mean(result), 1, 0)
