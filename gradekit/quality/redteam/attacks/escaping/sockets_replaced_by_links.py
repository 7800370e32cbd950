"""Idea: the sockets that the worker, as root, connects to become links to other sockets and files.
Must: lead nobody anywhere; the worker connected before and does not connect again.
"""

import os

home = os.path.expanduser("~")
targets = [
    "/var/run/docker.sock",
    "/run/dbus/system_bus_socket",
    "/dev/kmsg",
    "/etc/shadow",
    "/proc/1/mem",
]
for number in range(1, 6):
    path = f"{home}/.k/s-{number}"
    try:
        os.unlink(path)
        os.symlink(targets[number - 1], path)
    except OSError:
        pass
try:
    os.rename(f"{home}/.k", f"{home}/{MARK}")
    os.symlink("/autograder/source", f"{home}/.k")
except OSError:
    pass
os._exit(0)
