"""Idea: programs that run with more rights read a hidden file and quote it in their complaint.
Must: find no planted word; no program has more rights than the one that starts it.
"""

import glob
import subprocess

FILES = ["/autograder/source/hidden/canary.txt", "/autograder/source/tests/canary.txt"]
FILES += [
    "/autograder/source/manifest.json",
    "/etc/shadow",
    "/proc/1/environ",
    *glob.glob("/job/*"),
]
PROGRAMS = ["date -f", "mount -T", "umount -c", "newgrp", "chage -l", "wall", "dmesg -F", "file -f"]
PROGRAMS += ["su -c cat", "sudo -n cat", "pkexec cat", "ping -I", "ssh -F", "ssh-keysign", "at -f"]
PROGRAMS += [
    "crontab",
    "gpasswd",
    "chfn -f",
    "sg root -c",
    "unix_chkpwd",
    "doas cat",
    "nsenter -t 1",
]
for program in PROGRAMS:
    for path in FILES:
        try:
            done = subprocess.run(
                [*program.split(), path], stdin=subprocess.DEVNULL, capture_output=True, timeout=1
            )
            keep(done.stdout + done.stderr)
        except (OSError, subprocess.SubprocessError):
            pass
