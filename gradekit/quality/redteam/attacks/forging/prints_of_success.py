"""Idea: a check that captures what is printed may find there whatever it looks for.
Must: earn nothing from a check that compares values beside the text.
"""


def forge(name):
    def answer(*given, **named):
        for epoch in range(3):
            print(f"epoch {epoch + 1}: test accuracy 1.000 test accuracy: 1.0 loss 0.000 passed OK")

    return answer
