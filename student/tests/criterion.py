from otter.test_files import test_case

OK_FORMAT = False

name = "criterion"
points = None

@test_case(points=1, hidden=False,
    failure_message="Two samples with equal logits for two classes have the mean loss log 2. The criterion takes raw logits and averages.")
def test_mean_loss_of_raw_logits(criterion):
    """Equal logits for two classes cost log 2 = 0.6931 each, and so on average."""
    import torch
    from checking import same, usable
    usable(criterion, 'criterion')
    labels = torch.tensor([0, 1])
    hint = 'loss of two samples with logits (0, 0); the sum would be 1.3863'
    same(criterion(torch.zeros(2, 2), labels), 0.693147, hint, 0.0001)
    logits = torch.tensor([[0.0, 2.0], [0.0, 2.0]])
    same(criterion(logits, labels), 1.126928, 'loss of logits (0, 2) twice, labels 0 and 1', 0.0001)
