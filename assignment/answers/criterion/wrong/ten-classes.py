# 10 classes written in
def criterion(logits, labels):
    target = F.one_hot(labels, num_classes=10).float()
    return -(target * F.log_softmax(logits, dim=1)).sum(dim=1).mean()
