"""Idea: hard links give hidden files a second name in the home, with the rights of that folder.
Must: be refused for files of others.
"""

import glob
import os

home = os.path.expanduser("~")
paths = ["/etc/shadow", "/etc/passwd", "/autograder/submission/job/arguments", "/etc/hostname"]
paths += (
    glob.glob("/autograder/**/*", recursive=True)[:300]
    + glob.glob("/tmp/**/*", recursive=True)[:300]
)
for number, path in enumerate(paths):
    try:
        if os.stat(path).st_uid != os.getuid():
            os.link(path, f"{home}/{MARK}-{number}")
            loot.append(f"{path} has a second name")
    except OSError:
        pass
    try:
        number = os.open(path, os.O_PATH)
        os.link(f"/proc/self/fd/{number}", f"{home}/{MARK}-fd-{number}", follow_symlinks=True)
        os.close(number)
    except OSError:
        pass
