# the formula with logsumexp and gather
def criterion(logits, labels):
    z_y = logits.gather(1, labels[:, None]).squeeze(1)
    return (torch.logsumexp(logits, dim=1) - z_y).mean()
