# the mean of the picture
def threshold_at_mean(result):
    return np.where(result > np.mean(picture), 1, 0)
