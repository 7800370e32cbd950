from otter.test_files import test_case

OK_FORMAT = False

name = "parameters_fc"
points = None

@test_case(points=2, hidden=False,
    failure_message="Count one weight for each pair of units and one bias for each output unit, in all four layers.")
def test_number_of_parameters(parameters_fc):
    """Weights and biases of all four layers."""
    import hashlib
    from checking import defined, whole
    defined(parameters_fc, 'parameters_fc')
    count = whole(parameters_fc, 'parameters_fc')
    assert count != 566528, '566528 counts the weights alone: each output unit has a bias too'
    digest = hashlib.sha256(str(count).encode()).hexdigest()[:12]
    assert digest == '91562d51248c', f'{count} is not the number of parameters'
