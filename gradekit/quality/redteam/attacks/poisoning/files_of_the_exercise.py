"""Idea: the exercise's own files and data are changed through the links in the home.
Must: be refused; everybody grades with the same files.
"""

import os

home = os.path.expanduser("~")
for name in os.listdir(home):
    path = os.path.realpath(os.path.join(home, name))
    if path.startswith(os.path.realpath(home)):
        continue
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    for target in (os.path.join(folder, MARK), os.path.join(folder, "data", MARK)):
        try:
            with open(target, "x") as file:
                file.write(MARK)
        except OSError:
            pass
    try:
        os.close(os.open(path, os.O_WRONLY))
        loot.append(f"{path} could be opened for writing")
    except OSError:
        pass
    try:
        os.chmod(path, 0o777)
        os.utime(path)
        loot.append(f"{path} could be touched")
    except OSError:
        pass
