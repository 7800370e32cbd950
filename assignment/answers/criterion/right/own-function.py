# log-softmax and negative log-likelihood
def criterion(logits, labels):
    return F.nll_loss(F.log_softmax(logits, dim=1), labels)
