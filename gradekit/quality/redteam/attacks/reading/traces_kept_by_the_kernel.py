"""Idea: tracing, auditing and statistics of the kernel show what other programs do.
Must: find no planted word; what the kernel traces is not shown here.
"""

import glob
import os
import time

END = time.monotonic() + 4
patterns = ["/sys/kernel/tracing/*", "/sys/kernel/debug/*", "/sys/kernel/debug/tracing/trace*"]
patterns += ["/sys/fs/bpf/*", "/sys/fs/pstore/*", "/sys/fs/cgroup/*", "/sys/fs/cgroup/*/*"]
patterns += ["/sys/kernel/security/*", "/sys/fs/cgroup/*/*/*", "/proc/sysvipc/*", "/proc/net/*"]
patterns += [
    "/proc/fs/*/*",
    "/proc/driver/*",
    "/proc/tty/*",
    "/proc/swaps",
    "/proc/keys",
    "/proc/*",
]
patterns += ["/sys/module/*/parameters/*", "/sys/class/dmi/id/*", "/sys/hypervisor/*"]
for path in [path for pattern in patterns for path in glob.glob(pattern)][:4000]:
    keep(path)
    if time.monotonic() > END or os.path.basename(path) in ("kmsg", "trace_pipe", "kcore"):
        continue
    try:
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        keep(os.read(number, 1 << 20))
        os.close(number)
    except OSError:
        pass
