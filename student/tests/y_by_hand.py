from otter.test_files import test_case

OK_FORMAT = False

name = "y_by_hand"
points = None

@test_case(points=2, hidden=False,
    failure_message="Each value is the value to the left minus the value to the right; outside the signal there are zeros.")
def test_values_worked_out_by_hand(y_by_hand):
    """From y[0] on, as far as the list goes, at least three values."""
    from checking import defined, numbers
    defined(y_by_hand, 'y_by_hand')
    got = numbers(y_by_hand, 'y_by_hand')
    assert len(got) >= 3, f'y_by_hand holds {len(got)} values; at least 3 are wanted'
    x = [0] + [2] * 7 + [10] * 5 + [1] * 8 + [5] * 5 + [0] * len(got)
    for i, value in enumerate(got):
        want = x[i] - x[i + 2]
        hint = ' (is the filter flipped?)' if value == -want else ''
        assert value == want, f'y[{i}] = {value:g} is not right{hint}'
