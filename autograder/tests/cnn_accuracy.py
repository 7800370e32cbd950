from otter.test_files import test_case

OK_FORMAT = False

name = "cnn_accuracy"
points = None

@test_case(points=1, hidden=False,
    failure_message="The trained network must read the share of test images that the question names.")
def test_reads_the_test_images(env, model_cnn):
    """The share of 1,000 test images that is read right."""
    from checking import reads_test_set
    reads_test_set(env, model_cnn, 'cnn', {'digits': 0.87, 'mnist': 0.95})

@test_case(points=3, hidden=True,
    failure_message="The trained network must read enough of the images that only the graders have. Was it trained for all epochs?")
def test_reads_hidden_images(env, model_cnn):
    """Our forward pass with the trained weights, on images no notebook has seen."""
    from checking import student_side
    from reference import reads_holdout
    reads_holdout(student_side(env, 'inside'), model_cnn, 'cnn')
