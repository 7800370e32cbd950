from otter.test_files import test_case

OK_FORMAT = False

name = "fc"
points = None

@test_case(points=1, hidden=False,
    failure_message="FC needs four linear layers with bias and the sizes 784-512-256-128-10.")
def test_layers_have_the_sizes_of_the_figure(FC):
    """Four weights and four biases, 567,434 parameters together."""
    import torch
    from checking import settled, usable, weights
    usable(FC, 'FC')
    model = settled(FC(), torch.zeros(1, 784))
    found = sorted((tuple(value.shape) for value in weights(model, 'FC()')))
    sizes = [784, 512, 256, 128, 10]
    want = [(b, a) for a, b in zip(sizes, sizes[1:])] + [(b,) for b in sizes[1:]]
    assert found == sorted(want), f'the parameters have shapes {found}, expected {sorted(want)}'

@test_case(points=1, hidden=False,
    failure_message="With weights that pass on the mean of their inputs, the logits must equal that mean. No softmax, no extra layer.")
def test_logits_are_raw(FC):
    """Weights that pass on the mean turn images of 1, 2 and 5 into logits 1, 2 and 5."""
    import torch
    from checking import by_hand, load, same, settled, usable
    usable(FC, 'FC')
    x = torch.tensor([1.0, 2.0, 5.0])[:, None].expand(3, 784).clone()
    model = settled(FC(), x)
    load(model, by_hand)
    hint = 'logits of images of 1, 2, 5 (softmax would give 0.1 everywhere)'
    same(model(x), x[:, :10].numpy(), hint, 0.0001)
    same(model(x[1:2]), x[1:2, :10].numpy(), 'logits of a batch of one', 0.0001)

@test_case(points=1, hidden=False,
    failure_message="ReLU belongs after each of the three hidden layers and not after the last layer.")
def test_relu_on_the_hidden_layers_only(FC):
    """A negative value stops at each hidden layer and leaves the last one as it is."""
    import torch
    from checking import relu_between, usable
    usable(FC, 'FC')
    sizes = [784, 512, 256, 128, 10]
    layers = [(b, a) for a, b in zip(sizes, sizes[1:])]
    relu_between(FC(), layers, torch.ones(1, 784))
