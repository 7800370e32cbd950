# a large epsilon inside the logarithm
def criterion(logits, labels):
    p = torch.softmax(logits, dim=1)[torch.arange(len(labels)), labels]
    return -torch.log(p + 1e-2).mean()
