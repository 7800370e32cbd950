"""Idea: A generated module of a hundred megabytes, and nesting that no compiler takes.
Must: The compiler's memory and time are the student's, and end at the student's limits.
"""

import sys


def forge(name):
    def answer(*given):
        sys.setrecursionlimit(10**9)
        texts = ("-" * 10**6 + "1", "[" * 10**5, "a." * 10**6 + "a", "(" * 199 + ")" * 199)
        return compile(texts[len(given[0]) % 4], MARK, "eval")

    return answer


name = "m" + MARK.replace("-", "_")
with open(f"{name}.py", "w") as file:
    file.write(f"# {MARK}\n" + "x = {1: [2, (3, 'four')]}\n" * 4_000_000)
sys.path.insert(0, ".")
__import__(name)
