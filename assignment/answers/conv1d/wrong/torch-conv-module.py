# nn.Conv1d with its weights set
def convolution_one_dimensional(x, h):
    K = len(h)
    layer = nn.Conv1d(1, 1, K, bias=False).double()
    with torch.no_grad():
        layer.weight[0, 0] = torch.from_numpy(h[::-1].astype(float))
        y = layer(torch.from_numpy(add_padding_1d(x, K))[None, None])
    return y[0, 0, : len(x)].numpy()
