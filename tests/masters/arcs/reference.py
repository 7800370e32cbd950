"""Our own network and training, with which the hidden checks compare."""

import torch

from gradekit import learning


def net(torch):
    """Return the network of question 1, from either side's torch."""
    nn = torch.nn
    return nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))


def normalised(torch):
    """Return a network that gives itself away when the mode is wrong."""
    nn = torch.nn
    return nn.Sequential(nn.Linear(2, 6), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, 2))


def samples(count):
    """Return random points, (count, 2), and classes, (count,)."""
    return torch.randn(count, 2), torch.randint(2, (count,))


def sgd(torch, model):
    """Return an optimizer with momentum, from either side's torch."""
    return torch.optim.SGD(model.parameters(), lr=0.2, momentum=0.8)


def trained(env, train, build, samples_tr, samples_te):
    """Return both networks after two epochs: theirs by `train`, ours by our loop."""
    theirs, ours = learning.twins(env, build)
    optimizer, our_optimizer = sgd(learning.imported(env, "torch"), theirs), sgd(torch, ours)
    batches = learning.loader(env, *samples_tr, 5), learning.loader(env, *samples_te, 4)
    for _ in range(2):
        train(theirs, optimizer, *batches)
        ours.train()
        our_batches = zip(*(part.split(5) for part in samples_tr), strict=True)
        learning.descend(ours, our_optimizer, torch.nn.functional.cross_entropy, our_batches)
    return theirs, ours


def trajectory(env, train):
    """Assert that both loops lead to the same weights and statistics."""
    learning.same_state(*trained(env, train, normalised, samples(17), samples(9)))


def calls(env, train):
    """Return the log of a network that `train` uses: batches of 5 and 2, of 4 and 1."""
    theirs, _ = learning.twins(env, net)
    log = learning.watched(env, theirs)
    optimizer = sgd(learning.imported(env, "torch"), theirs)
    batches = learning.loader(env, *samples(17), 5), learning.loader(env, *samples(9), 4)
    train(theirs, optimizer, *batches)
    return log


def nothing_from_the_test_set(env, train):
    """Assert that other test samples lead to the same weights."""
    samples_tr, start = samples(17), {}

    def build(torch):
        model = net(torch)
        start.update(start or {k: v.clone() for k, v in model.state_dict().items()})
        model.load_state_dict(start)
        return model

    def run(test):
        return trained(env, train, build, samples_tr, test)[0]

    learning.ignores_test_set(env, run, [samples(9), samples(9)])
