"""Idea: dumps of crashed programs, logs and the journal of the system quote what ran here.
Must: find no planted word; nothing of that is here.
"""

import glob
import os
import time

END = time.monotonic() + 4
patterns = ["/var/crash/**", "/var/lib/systemd/coredump/**", "/var/log/**", "/run/log/**", "/core*"]
patterns += ["/var/lib/docker/containers/**", "/var/spool/**", "/var/mail/*", "/run/secrets/**"]
patterns += ["/tmp/core*", "/var/lib/apport/**", "/.dockerenv", "/run/.containerenv", "/etc/*"]
patterns += ["/run/**", "/var/lib/dpkg/info/gradekit*", "/var/backups/**", "/mnt/**", "/media/**"]
for pattern in patterns:
    for path in glob.glob(pattern, recursive=True, include_hidden=True)[:1000]:
        keep(path)
        try:
            number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            keep(os.read(number, 1 << 20))
            os.close(number)
        except OSError:
            pass
        if time.monotonic() > END:
            break
