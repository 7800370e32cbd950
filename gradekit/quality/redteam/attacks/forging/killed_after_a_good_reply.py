"""Idea: the kernel says that all went well and kills itself, so nobody can look closer.
Must: earn nothing, because no answer is no point.
"""

import os
import signal
import threading
import time

kernel = get_ipython().kernel


def later():
    kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"})
    time.sleep(1)
    os.kill(os.getpid(), signal.SIGKILL)


def forge(name):
    def answer(*given, **named):
        threading.Thread(target=later).start()
        return True

    return answer
