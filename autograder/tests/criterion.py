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

@test_case(points=1, hidden=True,
    failure_message="The criterion must equal the mean cross-entropy on random logits.")
def test_equals_the_formula_on_random_logits(criterion):
    """Random logits, several batch sizes."""
    import numpy as np
    import torch
    from checking import same, usable
    usable(criterion, 'criterion')
    for size in (1, 5, 33):
        logits = 3 * torch.randn(size, 10)
        labels = torch.randint(10, (size,))
        z = logits.double().numpy()
        each = np.log(np.exp(z).sum(axis=1)) - z[np.arange(size), labels.numpy()]
        same(criterion(logits, labels), each.mean(), 'loss', 0.0001)

@test_case(points=1, hidden=True,
    failure_message="The gradient of the criterion must be softmax minus one at the label, divided by the batch size.")
def test_has_the_gradient_of_the_mean_cross_entropy(env, criterion):
    """The slope for each logit is (softmax - one-hot) / N."""
    import numpy as np
    import torch
    from checking import same, student_side, usable
    usable(criterion, 'criterion')
    logits, labels = (torch.randn(7, 10), torch.randint(10, (7,)))
    want = np.exp(logits.double().numpy())
    want /= want.sum(axis=1, keepdims=True)
    want[np.arange(7), labels.numpy()] -= 1
    got = student_side(env, 'inside').slope(criterion, logits, labels)
    same(got, want / 7, 'gradient', 1e-05)
