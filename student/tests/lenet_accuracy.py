from otter.test_files import test_case

OK_FORMAT = False

name = "lenet_accuracy"
points = None

@test_case(points=1, hidden=False,
    failure_message="The trained network must read the share of test images that the question names.")
def test_reads_the_test_images(env, model_lenet):
    """The share of 1,000 test images that is read right."""
    from checking import reads_test_set
    reads_test_set(env, model_lenet, 'lenet', {'digits': 0.85, 'mnist': 0.94})
