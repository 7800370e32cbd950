"""Idea: an answer is a text that becomes the right value, or worse, where somebody evaluates it.
Must: earn nothing, because texts stay texts.
"""

import itertools

turn = itertools.cycle(
    [
        f"__import__('os').system('touch /tmp/{MARK}')",
        "[0.0, 1.0, 2.0]",
        "True",
        "{{ 7 * 7 }}",
        "${7*7}",
        "%(points)s",
        "{0.__class__}",
        f"!!python/object/apply:os.system ['touch /tmp/{MARK}']",
        f"cos\nsystem\n(S'touch /tmp/{MARK}'\ntR.",
        "<class 'int'>",
        "np.array([1, 2, 3])",
    ]
)


def forge(name):
    return lambda *given, **named: next(turn)
