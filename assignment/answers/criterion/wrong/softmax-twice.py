# softmax before the cross-entropy
def criterion(logits, labels):
    return F.cross_entropy(F.softmax(logits, dim=1), labels)
