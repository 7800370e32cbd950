"""Idea: raw memory, raw disks and the kernel's log are read as files.
Must: find no planted word; the devices are not there.
"""

import glob
import os

names = ["/dev/mem", "/dev/kmem", "/dev/port", "/dev/kmsg", "/proc/kmsg", "/proc/kcore"]
names += ["/proc/kallsyms", "/proc/vmallocinfo", "/proc/keys", "/proc/sched_debug", "/dev/fuse"]
for path in names + glob.glob("/dev/[hsv]d*") + glob.glob("/dev/nvme*") + glob.glob("/dev/loop*"):
    try:
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        data = os.read(number, 4 << 20)
        keep(data)
        if data and path not in ("/proc/kallsyms", "/proc/keys"):
            loot.append(f"{path} can be read")
        os.close(number)
    except OSError:
        pass
