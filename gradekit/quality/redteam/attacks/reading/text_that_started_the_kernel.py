"""Idea: the kernel was started from a text and settings; both are still somewhere in the process.
Must: find no planted word; the launcher is told nothing that is secret.
"""

import gc
import sys

for path in ("cmdline", "environ", "comm", "auxv", "stat", "cgroup", "mountinfo", "limits"):
    for who in ("self", "1", "self/task/1"):
        try:
            with open(f"/proc/{who}/{path}", "rb") as file:
                keep(file.read(1 << 20))
        except OSError:
            pass
keep(repr([sys.orig_argv, sys.argv, sys.path, sys.flags, sys.meta_path]))
for module in list(sys.modules.values()):
    if str(getattr(module, "__name__", "")).startswith(("gradekit", "__main__")):
        keep(repr(vars(module))[:500_000])
frame = sys._getframe()
while frame:
    keep(repr(frame.f_locals)[:500_000])
    frame = frame.f_back
for value in gc.get_objects():
    if type(value) is dict and ("settings" in value or "home" in value or "key" in value):
        keep(repr(list(value.items())[:200])[:100_000])
