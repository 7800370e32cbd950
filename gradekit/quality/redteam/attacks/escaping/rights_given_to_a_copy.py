"""Idea: a copy of a program is given the bits and attributes that lend it the rights of root.
Must: run with no more rights than the one that starts it.
"""

import os
import shutil
import struct
import subprocess
import sys

for folder in (os.path.expanduser("~"), "/tmp", "/dev/shm", "/run", "/var/tmp"):
    path = f"{folder}/{MARK}-program"
    try:
        shutil.copy("/usr/bin/id", path)
        os.chmod(path, 0o6755)
        os.chown(path, 0, 0)
    except OSError:
        pass
    for rights in (struct.pack("<5I", 0x02000001, 2**32 - 1, 0, 2**32 - 1, 0),):
        try:
            os.setxattr(path, "security.capability", rights)
            loot.append(f"{path} was given capabilities")
        except OSError:
            pass
    try:
        done = subprocess.run([path, "-u"], capture_output=True, timeout=2)
        if done.stdout.strip() == b"0" and os.getuid() != 0:
            loot.append(f"{path} runs as root")
    except (OSError, subprocess.SubprocessError):
        pass
    try:
        os.link(sys.executable, f"{folder}/{MARK}-python")
        os.chmod(f"{folder}/{MARK}-python", 0o6755)
    except OSError:
        pass
