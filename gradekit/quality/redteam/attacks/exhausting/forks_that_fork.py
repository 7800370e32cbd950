"""Idea: Processes start processes, each with a session of its own, and none says goodbye.
Must: The limit on processes holds, all of them end, and the host has as many as before.
"""

import os
import time

END = time.monotonic() + 5
os.environ["NAME"] = MARK
made = 0
while made < 300 and time.monotonic() < END:
    made += 1
    try:
        if os.fork() == 0:
            os.setsid()
            made += 60
    except OSError:
        time.sleep(0.01)
if os.getpid() and made > 300:
    os.execvpe("sleep", ["sleep", "55", MARK], os.environ)
