"""Idea: the parent and all that it started are attached to with ptrace, and their memory written.
Must: be refused; no process of others can be traced.
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
parents, pid = [], os.getppid()
while pid > 1:
    parents.append(pid)
    with open(f"/proc/{pid}/status") as file:
        pid = next(int(line.split()[1]) for line in file if line.startswith("PPid"))
for pid in [*parents, 1]:
    for request in (16, 0x4206):  # attach, seize
        if libc.ptrace(request, pid, 0, 0) == 0:
            loot.append(f"process {pid} is traced")
            libc.ptrace(17, pid, 0, 0)
    try:
        with open(f"/proc/{pid}/mem", "r+b", 0):
            loot.append(f"memory of {pid} can be written")
    except OSError:
        pass
    if libc.syscall(434, pid, 0) >= 0 and libc.syscall(438, libc.syscall(434, pid, 0), 1, 0) >= 0:
        loot.append(f"a descriptor of {pid} was taken")
