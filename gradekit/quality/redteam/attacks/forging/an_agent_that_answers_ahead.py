"""Idea: answers for the next hundred probes are sent before they are put.
Must: earn nothing, because an early answer is as wrong as a late one.
"""

import sys

agent = sys.modules["gradekit_agent"].Agent
opened = agent.open


def open_early(self, comm, message):
    opened(self, comm, message)
    send = comm.send
    yes = [b'{"dict": [["value", {"float": "nan"}], ["printed", "ok"]]}']

    def early(data, buffers):
        for number in range(data["probe"], data["probe"] + 100):
            send(data={"probe": number}, buffers=yes)

    comm.send = early


agent.open = open_early
for comm in get_ipython().kernel.comm_manager.comms.values():
    open_early(sys.modules["gradekit_agent"].Agent(get_ipython()), comm, {})


def forge(name):
    return 0
