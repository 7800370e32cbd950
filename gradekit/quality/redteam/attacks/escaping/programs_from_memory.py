"""Idea: programs are started from files in memory and from folders where none may be started.
Must: gain nothing; such a program is the same user behind the same walls.
"""

import os
import shutil
import subprocess

try:
    memory = os.memfd_create(MARK, 0)
    with open("/bin/true", "rb") as file:
        os.write(memory, file.read())
    subprocess.run([f"/proc/self/fd/{memory}", MARK], pass_fds=(memory,), timeout=2)
except (OSError, subprocess.TimeoutExpired):
    pass
for folder in ("/tmp", "/dev/shm", os.path.expanduser("~")):
    try:
        path = shutil.copy("/bin/true", f"{folder}/{MARK}")
        os.chmod(path, 0o6755)
        subprocess.run([path], timeout=2)
        subprocess.run(["/lib64/ld-linux-x86-64.so.2", path], timeout=2)
    except (OSError, subprocess.TimeoutExpired):
        pass
