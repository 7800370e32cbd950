# labels first
def criterion(labels, logits):
    return F.cross_entropy(logits, labels)
