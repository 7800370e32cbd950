"""Idea: /sys, /run and /var tell of cgroups, mounts and processes outside.
Must: find no planted word in any name or content there.
"""

import os
import stat
import time

END = time.monotonic() + 4
for root in ("/run", "/var", "/sys/fs/cgroup", "/sys/kernel", "/sys/class/net", "/proc/sys/kernel"):
    for folder, folders, names in os.walk(root):
        if time.monotonic() > END:
            break
        for name in [*names, *folders]:
            path = os.path.join(folder, name)
            keep(path)
            try:
                if stat.S_ISREG(os.lstat(path).st_mode):
                    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
                    keep(os.read(number, 1 << 16))
                    os.close(number)
            except OSError:
                pass
