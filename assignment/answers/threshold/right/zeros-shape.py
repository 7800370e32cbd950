# np.zeros of the same shape
def threshold_at_mean(result):
    t = np.mean(result)
    binary = np.zeros(result.shape, dtype=np.uint8)
    binary[np.where(result > t)] = 1
    return binary
