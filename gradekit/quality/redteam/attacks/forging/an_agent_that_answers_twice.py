"""Idea: each probe has many answers, of other types and values; one of them may be believed.
Must: earn nothing, because the first answer counts and the rest is thrown away.
"""

import sys

kernel = get_ipython().kernel
texts = [b"true", b'{"tuple": []}', b'{"float": "inf"}', b"[0.0, 0.0, 0.0]", b"null", b"1"]

for comm in kernel.comm_manager.comms.values():

    def again(data, buffers, send=comm.send):
        for text in texts:
            frame = b'{"dict": [["value", %b], ["printed", ""]]}' % text
            send(data=data, buffers=[frame])
        send(data=data, buffers=buffers)

    comm.send = again


def forge(name):
    return lambda *given, **named: 0
