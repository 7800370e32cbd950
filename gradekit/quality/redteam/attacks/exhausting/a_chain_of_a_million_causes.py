"""Idea: An exception with a million causes, each with its traceback, printed by IPython.
Must: The cell is stopped at its limit; what it has printed by then is thrown away.
"""

error = ValueError(MARK)
for _ in range(300_000):
    after = ValueError(MARK)
    after.__cause__, error = error, after


def forge(name):
    def answer(*given):
        raise ExceptionGroup(MARK, [error] * 1000)

    return answer


raise error
