# F.conv_transpose1d, which does not flip
def convolution_one_dimensional(x, h):
    K = len(h)
    full = F.conv_transpose1d(torch.tensor(x, dtype=torch.float64)[None, None], torch.tensor(h, dtype=torch.float64)[None, None])
    return full[0, 0, K - 1 - K // 2 :][: len(x)].numpy()
