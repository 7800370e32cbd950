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

@test_case(points=2, hidden=True,
    failure_message="Several epochs with momentum and another loss must give the weights that our loop gives. Are crit and opt the arguments, and is the last, smaller batch used?")
def test_follows_our_trajectory(env, train_model):
    """Same start, same batches, same weights at the end, for SGD with momentum and for Adam."""
    from training import follows
    for optimizer in ('momentum', 'adam'):
        follows(env, train_model, optimizer)

@test_case(points=1, hidden=True,
    failure_message="A network with batch normalisation must learn in training mode and be measured in evaluation mode, in every epoch.")
def test_switches_between_training_and_evaluation(env, train_model):
    """Batch normalisation gives itself away when the mode is wrong."""
    from training import follows
    follows(env, train_model, 'sgd', normalised=True)

@test_case(points=1, hidden=True,
    failure_message="Test batches must run in evaluation mode and without gradients, training batches in training mode and with gradients.")
def test_computes_no_gradients_while_measuring(env, train_model):
    """Each call of the network is noted: mode, gradients, batch size."""
    from training import calls_are_right
    calls_are_right(env, train_model)

@test_case(points=1, hidden=True,
    failure_message="The printed accuracy must be the share of samples of dl_te, whatever the batch sizes and whatever global variables exist.")
def test_weights_the_accuracy_by_batch(env, train_model):
    """Uneven test batches over several epochs."""
    from training import follows
    for sizes in ((8, 3), (5, 7)):
        follows(env, train_model, 'sgd', sizes=sizes)
