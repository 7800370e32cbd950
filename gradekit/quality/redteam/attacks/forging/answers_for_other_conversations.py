"""Idea: answers with other comm ids, numbers as texts, floats and truth values may be mixed up.
Must: earn nothing, because an answer is matched by conversation and number.
"""

kernel = get_ipython().kernel
yes = [b'{"dict": [["value", true], ["printed", ""]]}']
for comm in kernel.comm_manager.comms.values():

    def confuse(data, buffers, send=comm.send, own=comm.comm_id):
        number = data["probe"]
        for probe in (str(number), float(number), number + 1, -number, [number], None, True):
            send(data={"probe": probe}, buffers=yes)
        content = {"comm_id": own[::-1], "data": {"probe": number}}
        kernel.session.send(kernel.iopub_socket, "comm_msg", content, buffers=yes)
        kernel.session.send(kernel.iopub_socket, "comm_close", {"comm_id": own})
        send(data=data, buffers=yes)

    comm.send = confuse


def forge(name):
    return True
