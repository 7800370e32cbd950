"""Idea: processes leave the session, the group and the parent, and wait for the sandbox to be gone.
Must: be gone with it, all of them.
"""

import os
import signal
import subprocess
import sys
import time

code = "import signal,time;[signal.signal(n,signal.SIG_IGN) for n in (1,2,3,13,15)];time.sleep(45)"
for prefix in ([], ["setsid", "-f"], ["nohup"], ["setsid", "-f", "nohup"], ["nice", "-n", "19"]):
    try:
        subprocess.Popen([*prefix, sys.executable, "-c", code, MARK], start_new_session=True)
    except OSError:
        pass
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.chdir("/")
            os.closerange(0, 1024)
            os.execv(sys.executable, [sys.executable, "-c", code, MARK])
        os._exit(0)
time.sleep(1)
