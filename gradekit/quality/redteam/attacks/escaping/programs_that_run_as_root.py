"""Idea: setuid programs become root: they are searched for, and the usual ones started.
Must: stay the same user; new privileges are refused.
"""

import os
import stat
import subprocess

found = []
for folder in (
    "/bin",
    "/sbin",
    "/usr/bin",
    "/usr/sbin",
    "/usr/lib",
    "/usr/local/bin",
    "/usr/libexec",
):
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            try:
                if os.lstat(path).st_mode & (stat.S_ISUID | stat.S_ISGID):
                    found.append(path)
            except OSError:
                pass
usual = ["su -c id", "sudo -n id", "mount", "ping -c 1 127.0.0.1", "pkexec id", "newgrp", "chsh -l"]
for command in [*usual, *found[:20]]:
    try:
        run = subprocess.run(
            command.split(), capture_output=True, timeout=1, stdin=subprocess.DEVNULL
        )
        if b"uid=0" in run.stdout:
            loot.append(f"{command} runs as root")
    except (OSError, subprocess.TimeoutExpired):
        pass
