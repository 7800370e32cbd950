"""Idea: A number of ten million digits, a text and a dictionary of a gigabyte as answers.
Must: Refused by their size, in the kernel or on arrival; the worker never prints or parses them.
"""

many = dict.fromkeys(range(10**6), 0.5)


def forge(name):
    if "position" in name:
        return 1 << 33_000_000

    def answer(*given):
        if len(given[0]) % 3 == 0:
            return -(1 << 300_000_000)
        return many if len(given[0]) % 3 == 1 else "\U0001f600" * (50 << 20)

    return answer
