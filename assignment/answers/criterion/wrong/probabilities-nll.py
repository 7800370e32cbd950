# NLL of probabilities without the logarithm
def criterion(logits, labels):
    return F.nll_loss(F.softmax(logits, dim=1), labels)
