from otter.test_files import test_case

OK_FORMAT = False

name = "threshold"
points = None

@test_case(points=1, hidden=False,
    failure_message="Only values larger than the mean of all values become 1.")
def test_compares_with_the_mean_of_all_values(threshold_at_mean):
    """The mean of 0, 0, 1, 7 is 2: only 7 is larger."""
    import numpy as np
    from checking import same, usable
    usable(threshold_at_mean, 'threshold_at_mean')
    got = threshold_at_mean(np.array([0, 0, 1, 7]))
    same(got, [0, 0, 0, 1], 'result = [0, 0, 1, 7], mean 2', kinds='biuf')
    got = threshold_at_mean(np.array([[0.0, 4.0], [8.0, 40.0]]))
    same(got, [[0, 0], [0, 1]], 'result = [[0, 4], [8, 40]], mean 13', kinds='biuf')

@test_case(points=1, hidden=False,
    failure_message="A value equal to the mean becomes 0.")
def test_a_value_equal_to_the_mean_gives_zero(threshold_at_mean):
    """The mean of 1, 2, 3 is 2, and 2 is not larger than 2."""
    import numpy as np
    from checking import same, usable
    usable(threshold_at_mean, 'threshold_at_mean')
    got = threshold_at_mean(np.array([1, 2, 3]))
    same(got, [0, 0, 1], 'result = [1, 2, 3], mean 2', kinds='biuf')

@test_case(points=1, hidden=True,
    failure_message="Random arrays with one axis or two must be compared with their mean.")
def test_random_arrays(threshold_at_mean):
    """Floats and whole numbers, negative ones and many zeros too, one axis or two."""
    import numpy as np
    from checking import same, usable
    from reference import threshold
    usable(threshold_at_mean, 'threshold_at_mean')
    for shape in ((9,), (6, 5), (1, 12), (7, 1)):
        values = np.random.randn(*shape) + 3 * np.random.randn()
        values = values[np.newaxis][0]
        same(threshold_at_mean(values.copy()), threshold(values), 'zeros and ones', kinds='biuf')
        values = np.maximum(np.random.randn(*shape), 0)
        values.flat[0] = 1.0
        same(threshold_at_mean(values.copy()), threshold(values), 'zeros and ones', kinds='biuf')
        values = np.random.randint(-50, 50, shape)
        values.flat[0] += int(values.sum() % values.size == 0)
        same(threshold_at_mean(values.copy()), threshold(values), 'zeros and ones', kinds='biuf')

@test_case(points=1, hidden=True,
    failure_message="Ties with the mean must give 0, constant arrays too, and the input must stay as it was.")
def test_ties_and_an_unchanged_input(env, threshold_at_mean):
    """Whole numbers around their mean, and arrays of one value."""
    import numpy as np
    from checking import listed, same, student_side, usable
    usable(threshold_at_mean, 'threshold_at_mean')
    called = student_side(env, 'inside').called
    middle = int(np.random.randint(-20, 20))
    away = np.random.randint(1, 9, 5)
    values = np.concatenate([middle + away, [middle] * 3, middle - away])
    np.random.shuffle(values)
    for given in (values, values.astype(float), np.full((3, 4), middle)):
        got, rest = listed(called(threshold_at_mean, given.copy()), 2, 'result and input')
        after, = listed(rest, 1, 'input')
        same(got, (given > middle).astype(int), 'zeros and ones', kinds='biuf')
        same(after, given, 'the input after the call', kinds='iuf')
