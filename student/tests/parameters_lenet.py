from otter.test_files import test_case

OK_FORMAT = False

name = "parameters_lenet"
points = None

@test_case(points=2, hidden=False,
    failure_message="Count the weights and biases of two convolutions and three linear layers.")
def test_number_of_parameters(parameters_lenet):
    """Weights and biases of all five layers."""
    import hashlib
    from checking import defined, whole
    defined(parameters_lenet, 'parameters_lenet')
    count = whole(parameters_lenet, 'parameters_lenet')
    assert count != 105918, '105918 counts the weights alone: each output has a bias too'
    digest = hashlib.sha256(str(count).encode()).hexdigest()[:12]
    assert digest == '29934e1f262b', f'{count} is not the number of parameters'
