from otter.test_files import test_case

OK_FORMAT = False

name = "train_model"
points = None

@test_case(points=2, hidden=False,
    failure_message="Two steps on a network of two weights must give the values worked out by hand. Are the gradients zeroed between batches?")
def test_two_steps_by_hand(env, train_model):
    """From zero weights, two equal batches, rate 1: the weights are 0.5, then 0.6192."""
    import contextlib
    import io
    import torch
    from checking import same, usable
    usable(train_model, 'train_model')
    there = env['torch']
    data = there.utils.data
    model = there.nn.Linear(1, 2).to(env['device'])
    model.load_state_dict({'weight': torch.zeros(2, 1), 'bias': torch.zeros(2)})
    opt = there.optim.SGD(model.parameters(), lr=1.0)
    batches = data.DataLoader(data.TensorDataset(torch.ones(2, 1), torch.zeros(2).long()))
    with contextlib.redirect_stdout(io.StringIO()):
        train_model(model, there.nn.CrossEntropyLoss(), opt, batches, batches, 1)
    got = model.weight
    hint = 'weights after two steps (1.1192 means that gradients added up)'
    same(got, [[0.5 + 0.119203], [-0.5 - 0.119203]], hint, 0.0001)

@test_case(points=1, hidden=False,
    failure_message="After each epoch one line must show the share of test samples that are right, also when the last batch is smaller.")
def test_prints_the_share_of_samples_once_an_epoch(env, train_model):
    """Two of three images right, in batches of two and one: 0.667, not 0.5."""
    import contextlib
    import io
    import re
    import torch
    from checking import same, usable
    usable(train_model, 'train_model')
    there = env['torch']
    data = there.utils.data
    nn = there.nn
    model = nn.Sequential(nn.Conv2d(2, 2, 1), nn.Flatten()).to(env['device'])
    model.load_state_dict({'0.weight': torch.zeros(2, 2, 1, 1), '0.bias': torch.zeros(2)})
    opt = there.optim.SGD(model.parameters(), lr=1.0)
    x = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])[:, :, None, None]
    train = data.DataLoader(data.TensorDataset(x[:2], torch.tensor([0, 1])), batch_size=2)
    test = data.DataLoader(data.TensorDataset(x, torch.tensor([0, 1, 1])), batch_size=2)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        train_model(model, there.nn.NLLLoss(), opt, train, test, 2)
    found = re.findall('test accuracy:? *([0-9.]*[0-9])', printed.getvalue())
    assert len(found) == 2, f"two epochs printed {len(found)} times 'test accuracy <number>'"
    for text in found:
        assert abs(float(text) - 2 / 3) <= 0.006, f'printed test accuracy {text}, expected 0.667'
    want = torch.eye(2)[:, :, None, None]
    same(model.state_dict()['0.weight'], want, 'weights after two epochs', 0.0001)
