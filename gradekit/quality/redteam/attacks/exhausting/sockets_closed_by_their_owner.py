"""Idea: The student closes the kernel's sockets and removes their files, but goes on to run.
Must: No answer is no answer: the question is stopped, and another kernel takes the next.
"""

import os
import time

END = time.monotonic() + 60
kernel = get_ipython().kernel


def forge(name):
    for name in os.listdir(".k") if os.path.isdir(".k") else []:
        try:
            os.rename(f".k/{name}", f".k/{MARK}-{name}")
        except OSError:
            continue
    kernel.shell_stream.close()
    kernel.iopub_socket.close()
    while time.monotonic() < END:
        try:
            time.sleep(1)
        except BaseException:
            continue
