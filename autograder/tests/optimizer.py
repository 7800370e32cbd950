from otter.test_files import test_case

OK_FORMAT = False

name = "optimizer"
points = None

@test_case(points=1, hidden=False,
    failure_message="With all gradients equal to 1, one step must lower every parameter of model_fc by 0.1.")
def test_one_step_lowers_each_weight_by_the_learning_rate(env, opt, model_fc, learning_rate):
    """Where all gradients are 1, a step with rate 0.1 subtracts 0.1."""
    import torch
    from checking import listed, same, student_side, usable, weights
    for name, value in (('opt', opt), ('model_fc', model_fc)):
        usable(value, name)
    assert type(learning_rate) is float and learning_rate == 0.1, 'learning_rate must stay 0.1'
    before = weights(model_fc, 'model_fc')
    ones = [torch.ones_like(value) for value in before]
    after = listed(student_side(env, 'inside').steps(opt, model_fc, [ones]), 1, 'steps')
    for old, new in zip(before, listed(after[0], len(before), 'parameters'), strict=True):
        same(new, old - 0.1, 'a parameter of model_fc after the step', 1e-05)

@test_case(points=2, hidden=True,
    failure_message="Two steps with random gradients must be the two steps of plain SGD, and gradients of 0 must change nothing. Is there momentum or weight decay?")
def test_two_steps_are_plain_gradient_descent(env, opt, model_fc):
    """The second step does not remember the first; without a gradient nothing moves."""
    import torch
    from checking import listed, same, student_side, usable, weights
    usable(opt, 'opt')
    before = weights(model_fc, 'model_fc')
    pushes = [[torch.randn_like(value) for value in before] for _ in range(2)]
    pushes.append([torch.zeros_like(value) for value in before])
    after = listed(student_side(env, 'inside').steps(opt, model_fc, pushes), 3, 'steps')
    first, second, third = (listed(values, len(before), 'parameters') for values in after)
    for k, old in enumerate(before):
        once = old - 0.1 * pushes[0][k]
        same(first[k], once, 'a parameter after one step', 1e-05)
        same(second[k], once - 0.1 * pushes[1][k], 'a parameter after two steps', 1e-05)
        same(third[k], second[k], 'a parameter after a step without a gradient')
