# torch tensors inside, a NumPy array out
def convolution_one_dimensional(x, h):
    K = len(h)
    xp = torch.from_numpy(add_padding_1d(x, K))
    hf = torch.tensor(h[::-1].copy(), dtype=torch.float64)
    y = torch.zeros(len(x), dtype=torch.float64)
    for i in range(len(x)):
        y[i] = torch.sum(xp[i : i + K] * hf)
    return y.numpy()
