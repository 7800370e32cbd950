# each value is compared with the mean so far
def threshold_at_mean(result):
    flat = result.ravel()
    running = np.cumsum(flat) / np.arange(1, flat.size + 1)
    return (flat > running).astype(int).reshape(result.shape)
