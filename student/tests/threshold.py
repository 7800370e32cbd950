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
