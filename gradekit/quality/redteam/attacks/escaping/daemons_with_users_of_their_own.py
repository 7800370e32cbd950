"""Idea: daemons hide in namespaces, take other user ids there, ignore signals and stay.
Must: be gone with the sandbox, whoever they say they are.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)
code = "import signal,time;[signal.signal(n,signal.SIG_IGN) for n in (1,2,3,13,15)];time.sleep(20)"
for flags in (0x10000000, 0x10000000 | 0x20000000, 0x30020000, 0x20000000, 0x08000000):
    user = os.getuid()
    if os.fork() == 0:
        os.setsid()
        libc.unshare(flags)
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user + 7} {user} 1")):
            try:
                with open(f"/proc/self/{name}", "w") as file:
                    file.write(text)
            except OSError:
                pass
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        if os.fork() == 0:
            libc.prctl(1, 0, 0, 0, 0)
            libc.prctl(4, 0, 0, 0, 0)
            os.execv(sys.executable, [sys.executable, "-c", code, MARK])
        os._exit(0)
for program in ("newuidmap", "unshare", "setpriv", "runuser", "su", "systemd-run", "script"):
    if shutil.which(program):
        words = {"unshare": ["-Urpf"], "setpriv": ["--reuid=1"], "script": ["-qc"]}.get(program, [])
        try:
            subprocess.Popen(
                [program, *words, sys.executable, "-c", code, MARK],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        except OSError:
            pass
