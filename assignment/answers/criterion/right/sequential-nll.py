# NLLLoss after LogSoftmax
log_softmax = nn.LogSoftmax(dim=1)
nll = nn.NLLLoss()
criterion = lambda logits, labels: nll(log_softmax(logits), labels)
