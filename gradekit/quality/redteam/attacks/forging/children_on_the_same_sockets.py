"""Idea: forked children hold the very same connections and write whole messages into them.
Must: earn nothing; a torn stream is a closed one, and a closed one earns nothing.
"""

import os
import time

from jupyter_client.session import Session

kernel = get_ipython().kernel
session = Session(key=kernel.session.key)
yes = [b'{"dict": [["value", true], ["printed", ""]]}']
messages = []
for comm in kernel.comm_manager.comms.values():
    for number in range(400):
        content = {"comm_id": comm.comm_id, "data": {"probe": number}}
        frames = session.serialize(session.msg("comm_msg", content)) + yes
        wire = b""
        for place, frame in enumerate(frames):
            flag = 1 if place + 1 < len(frames) else 0
            wire += bytes([flag | 2]) + len(frame).to_bytes(8, "big") + frame
        messages.append(wire)
if os.fork() == 0:
    os.environ["CHILD"] = MARK
    end = time.monotonic() + 15
    while time.monotonic() < end:
        for number in range(3, 128):
            try:
                os.write(number, messages[number % len(messages)])
            except OSError:
                pass
        time.sleep(0.05)
    os._exit(0)


def forge(name):
    return True
