"""Idea: signals arrive by pidfd, by queue, by thread, by timer and by descriptor.
Must: reach no process of another user.
"""

import ctypes
import fcntl
import os
import signal
import socket

libc = ctypes.CDLL(None, use_errno=True)
own = {os.getpid(), *(int(name) for name in os.listdir("/proc/self/task"))}
others = {1, os.getppid(), *(int(name) for name in os.listdir("/proc") if name.isdigit())} - own
for pid in others:
    handle = libc.syscall(434, pid, 0)
    libc.syscall(424, handle, signal.SIGSTOP, None, 0)
    facts = ctypes.create_string_buffer(128)
    libc.syscall(129, pid, signal.SIGSTOP, facts)
    libc.syscall(234, pid, pid, signal.SIGSTOP)
    libc.syscall(200, pid, signal.SIGSTOP)
    for ask in (
        lambda: os.kill(pid, signal.SIGSTOP),
        lambda: os.killpg(pid, signal.SIGSTOP),
        lambda: os.kill(pid, signal.SIGXCPU),
        lambda: os.kill(-pid, signal.SIGTERM) if pid > 1 else None,
    ):
        try:
            ask()
            loot.append(f"a signal reached {pid}")
        except OSError:
            pass
    left, right = socket.socketpair()
    for descriptor in (left.fileno(), right.fileno()):
        try:
            fcntl.fcntl(descriptor, fcntl.F_SETOWN, pid)
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGKILL)
            fcntl.fcntl(descriptor, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
            left.send(b"x")
        except OSError:
            pass
