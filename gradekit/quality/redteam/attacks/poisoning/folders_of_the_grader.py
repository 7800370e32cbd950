"""Idea: checks, results and submissions are written into the grader's own folders.
Must: be refused; nothing of the grader's can be written here.
"""

import glob
import os

roots = [
    "/autograder",
    "/autograder/source",
    "/autograder/files",
    "/autograder/results",
    "/autograder/submission",
]
roots += (
    glob.glob("/autograder/*/*") + glob.glob("/tmp/gradekit*") + ["/work", "/opt", "/srv", "/mnt"]
)
for root in roots:
    for name in (
        MARK,
        f"tests/{MARK}.py",
        f"hidden/{MARK}.py",
        f"job/{MARK}",
        f"results/{MARK}.json",
    ):
        try:
            os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
            with open(os.path.join(root, name), "x") as file:
                file.write(MARK)
        except OSError:
            pass
