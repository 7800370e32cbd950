"""Idea: a survivor stops every other process of its user, the one that should kill it included.
Must: cost its own questions; whoever ends processes cannot be stopped by them.
"""

import os
import subprocess
import sys
import time

code = """
import os, signal, time
end = time.monotonic() + 45
while time.monotonic() < end:
    try: os.kill(-1, signal.SIGSTOP)
    except OSError: pass
"""
subprocess.Popen([sys.executable, "-IS", "-c", code, MARK], start_new_session=True)
time.sleep(1)
os._exit(0)
