from otter.test_files import test_case

OK_FORMAT = False

name = "cnn"
points = None

@test_case(points=1, hidden=False,
    failure_message="CNN needs three 3 x 3 convolutions and two linear layers with bias; filters gives the channels, 128 hidden units stay.")
def test_layers_follow_filters(CNN):
    """98,442 parameters by default; a list of other filters changes the shapes."""
    import torch
    from checking import settled, usable, weights
    usable(CNN, 'CNN')
    cases = [((16, 32, 64), CNN()), ((4, 6, 9), CNN([4, 6, 9])), ((3, 5, 7), CNN(filters=(3, 5, 7)))]
    for (a, b, c), model in cases:
        layers = [(a, 1, 3, 3), (b, a, 3, 3), (c, b, 3, 3), (128, 9 * c), (10, 128)]
        want = sorted(layers + [shape[:1] for shape in layers])
        settled(model, torch.zeros(1, 1, 28, 28))
        found = sorted((tuple(value.shape) for value in weights(model, 'CNN')))
        assert found == want, f'filters {(a, b, c)}: shapes {found}, expected {want}'

@test_case(points=1, hidden=False,
    failure_message="Three stages of ReLU and max-pooling, ReLU after the hidden linear layer, raw logits.")
def test_pools_the_maximum_and_ends_raw(CNN):
    """One bright pixel in each 8 x 8 survives; negative values stop before the last layer."""
    import torch
    from checking import by_hand, load, relu_between, same, settled, usable
    usable(CNN, 'CNN')
    x = torch.zeros(2, 1, 28, 28)
    model = settled(CNN((4, 6, 9)), x)
    load(model, by_hand)
    x[0, :, ::8, ::8], x[1, :, ::8, ::8] = (1.0, 3.0)
    want = [[1.0] * 10, [3.0] * 10]
    same(model(x), want, 'logits of pixels of 1 and 3 in each 8 x 8', 0.0001)
    same(model(x[1:]), want[1:], 'logits of a batch of one', 0.0001)
    layers = [(4, 1, 3, 3), (6, 4, 3, 3), (9, 6, 3, 3), (128, 81), (10, 128)]
    relu_between(model, layers, torch.ones(1, 1, 28, 28))
