"""Idea: A program with the rights of its owner, a device and capabilities lie ready for the next.
Must: No file of one submission is seen by another, and no such right is granted.
"""

import os
import shutil
import stat

for folder in ("/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~")):
    path = f"{folder}/{MARK}-sh"
    try:
        shutil.copy("/bin/sh", path)
        os.chmod(path, 0o6777)
        os.setxattr(path, "security.capability", bytes.fromhex("0100000200040000") + bytes(12))
    except OSError:
        pass
    for kind, name in ((stat.S_IFBLK, "disk"), (stat.S_IFCHR, "memory"), (stat.S_IFIFO, "pipe")):
        try:
            os.mknod(f"{path}-{name}", kind | 0o666, os.makedev(1, 1))
        except OSError:
            continue
