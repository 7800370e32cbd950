from otter.test_files import test_case

OK_FORMAT = False

name = "conv1d"
points = None

@test_case(points=1, hidden=False,
    failure_message="A single 1 in the signal must be answered by the filter itself, in its own order.")
def test_flips_the_filter(convolution_one_dimensional):
    """A single 1 is answered by the filter in its own order."""
    import numpy as np
    from checking import same, usable
    usable(convolution_one_dimensional, 'convolution_one_dimensional')
    y = convolution_one_dimensional(np.array([0.0, 0, 1, 0, 0]), np.array([1.0, 2, 3]))
    hint = 'x = [0, 0, 1, 0, 0], h = [1, 2, 3] (the filter is not flipped if you see 3, 2, 1)'
    same(y, [0, 1, 2, 3, 0], hint, 1e-05)

@test_case(points=1, hidden=False,
    failure_message="The output has as many values as the signal; beyond its ends the signal is zero.")
def test_pads_with_zeros_and_keeps_the_length(convolution_one_dimensional):
    """A running sum of three ones is 2 at both ends."""
    import numpy as np
    from checking import same, usable
    usable(convolution_one_dimensional, 'convolution_one_dimensional')
    y = convolution_one_dimensional(np.ones(4), np.ones(3))
    same(y, [2, 3, 3, 2], 'x = [1, 1, 1, 1], h = [1, 1, 1]', 1e-05)

@test_case(points=1, hidden=False,
    failure_message="For an even filter, take the first N windows of the padded signal.")
def test_even_filter_uses_the_first_windows(convolution_one_dimensional):
    """Windows (0, 1), (1, 2), (2, 3) of the padded signal, weights (10, 1)."""
    import numpy as np
    from checking import same, usable
    usable(convolution_one_dimensional, 'convolution_one_dimensional')
    y = convolution_one_dimensional(np.array([1.0, 2, 3]), np.array([1.0, 10]))
    same(y, [1, 12, 23], 'x = [1, 2, 3], h = [1, 10]', 1e-05)

@test_case(points=1, hidden=False,
    failure_message="Whole numbers must give floats, and the arrays handed in must stay as they were.")
def test_returns_floats_and_leaves_its_inputs(env, convolution_one_dimensional):
    """x = [1, 2, 3] and h = [0.5] give 0.5, 1, 1.5; whole numbers give floats, floats stay."""
    import numpy as np
    from checking import listed, same, student_side, usable
    usable(convolution_one_dimensional, 'convolution_one_dimensional')
    called = student_side(env, 'inside').called
    cases = [([1, 2, 3], [0.5], [0.5, 1, 1.5]), ([4, 6], [3, 2, 1], [26, 16])]
    cases.append(([4.0, 6.0], [3.0, 2.0, 1.0], [26, 16]))
    for x, h, want in cases:
        signal, filter_ = (np.array(x), np.array(h))
        both = called(convolution_one_dimensional, signal.copy(), filter_.copy())
        y, rest = listed(both, 2, 'result and inputs')
        x_after, h_after = listed(rest, 2, 'inputs')
        same(y, want, f'x = {x}, h = {h}', 1e-05)
        same(x_after, x, 'x after the call', kinds='iuf')
        same(h_after, h, 'h after the call', kinds='iuf')

@test_case(points=2, hidden=False,
    failure_message="The sliding sum must be your own, not a convolution or correlation of a library, and right.")
def test_the_sum_is_your_own(env, convolution_one_dimensional):
    """No convolution or correlation of a library is called."""
    import numpy as np
    from checking import same, student_side, usable
    usable(convolution_one_dimensional, 'convolution_one_dimensional')
    x, h = (np.array([1.0, 2, 4, 8]), np.array([1.0, 0, -1]))
    same(convolution_one_dimensional(x, h), [2, 3, 6, -4], 'x = [1, 2, 4, 8], h = [1, 0, -1]', 1e-05)
    calls = student_side(env, 'inside').library_calls(convolution_one_dimensional, x, h)
    assert calls == [], f'a library does the work: {calls}'

@test_case(points=1, hidden=True,
    failure_message="Random signals and filters of odd and even length must give the sum of the question.")
def test_random_signals_and_filters(convolution_one_dimensional):
    """Odd and even filters, floats and whole numbers."""
    import numpy as np
    from checking import same, usable
    from reference import convolution
    usable(convolution_one_dimensional, 'convolution_one_dimensional')
    for n, k in ((12, 3), (9, 4), (20, 7), (15, 6), (6, 2), (30, 11)):
        x, h = (np.random.randn(n), np.random.randn(k))
        same(convolution_one_dimensional(x, h), convolution(x, h), 'y', 1e-05)
        x, h = (np.random.randint(-9, 10, n), np.random.randint(-9, 10, k))
        same(convolution_one_dimensional(x, h), convolution(x, h), 'y', 1e-05)

@test_case(points=1, hidden=True,
    failure_message="A filter of one value, a signal of one value and a filter longer than the signal must work too.")
def test_shortest_and_longest(convolution_one_dimensional):
    """K = 1, N = 1, K larger than N."""
    import numpy as np
    from checking import same, usable
    from reference import convolution
    usable(convolution_one_dimensional, 'convolution_one_dimensional')
    for n, k in ((5, 1), (1, 1), (1, 4), (1, 5), (3, 8), (4, 9), (2, 3)):
        x, h = (np.random.randn(n), np.random.randn(k))
        same(convolution_one_dimensional(x, h), convolution(x, h), 'y', 1e-05)
