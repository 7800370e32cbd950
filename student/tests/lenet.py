from otter.test_files import test_case

OK_FORMAT = False

name = "lenet"
points = None

@test_case(points=1, hidden=False,
    failure_message="CNN_LeNet needs two 3 x 3 convolutions and three linear layers with bias and the sizes of the figure.")
def test_layers_have_the_sizes_of_the_figure(CNN_LeNet):
    """Five weights and five biases, 106,154 parameters together."""
    import torch
    from checking import settled, usable, weights
    usable(CNN_LeNet, 'CNN_LeNet')
    model = settled(CNN_LeNet(), torch.zeros(1, 1, 28, 28))
    found = sorted((tuple(value.shape) for value in weights(model, 'CNN_LeNet()')))
    layers = [(6, 1, 3, 3), (16, 6, 3, 3), (120, 784), (84, 120), (10, 84)]
    want = sorted(layers + [shape[:1] for shape in layers])
    assert found == want, f'the parameters have shapes {found}, expected {want}'

@test_case(points=1, hidden=False,
    failure_message="Pooling must keep the largest of each 2 x 2 pixels, twice, and the logits must be raw.")
def test_pools_the_maximum_twice(CNN_LeNet):
    """One bright pixel in each 4 x 4 survives; averaging would leave 1/16 of it."""
    import torch
    from checking import by_hand, load, same, settled, usable
    usable(CNN_LeNet, 'CNN_LeNet')
    x = torch.zeros(2, 1, 28, 28)
    model = settled(CNN_LeNet(), x)
    load(model, by_hand)
    x[0, :, ::4, ::4], x[1, :, ::4, ::4] = (1.0, 3.0)
    want = [[1.0] * 10, [3.0] * 10]
    same(model(x), want, 'logits of pixels of 1 and 3 in each 4 x 4', 0.0001)
    same(model(x[1:]), want[1:], 'logits of a batch of one', 0.0001)

@test_case(points=1, hidden=False,
    failure_message="ReLU belongs after every layer but the last.")
def test_relu_after_every_layer_but_the_last(CNN_LeNet):
    """A negative value stops at each hidden layer and leaves the last one as it is."""
    import torch
    from checking import relu_between, usable
    usable(CNN_LeNet, 'CNN_LeNet')
    layers = [(6, 1, 3, 3), (16, 6, 3, 3), (120, 784), (84, 120), (10, 84)]
    relu_between(CNN_LeNet(), layers, torch.ones(1, 1, 28, 28))
