"""Idea: A daemon, twice forked, waits for the next submission's folders, sockets and processes.
Must: Every process of a submission ends with it, whatever its session, user or parent.
"""

import os
import time

END = time.monotonic() + 60
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        script = "n=0; while [ $n -lt 55 ]; do n=$((n+1)); sleep 1; ls /tmp /home /proc; done"
        nowhere = os.open("/dev/null", os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nowhere, number)
        os.execve("/bin/sh", ["sh", "-c", f"{script} >/tmp/{MARK} 2>&1"], {"NAME": MARK})
    os._exit(0)
os.wait()
