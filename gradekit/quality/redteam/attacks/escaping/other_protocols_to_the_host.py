"""Idea: the host is spoken to by other protocols and in other spellings than one would forbid.
Must: reach nobody; there is no way to the host.
"""

import socket

PORT = HOST_PORT
hosts = ["127.0.0.1", "127.1", "0.0.0.0", "localhost", "::1", "::", "::ffff:127.0.0.1", "fe80::1"]
hosts += [
    "172.17.0.1",
    "10.0.2.2",
    "192.168.65.2",
    "host.docker.internal",
    "192.0.2.1",
    "ip6-localhost",
]
kinds = [(1, 0), (2, 0), (1, 132), (1, 262), (2, 136), (6, 33), (3, 1), (3, 255), (5, 132)]
for family in (socket.AF_INET, socket.AF_INET6):
    for kind, protocol in kinds:
        for host in hosts:
            try:
                with socket.socket(family, kind, protocol) as client:
                    client.settimeout(0.1)
                    client.connect((host, PORT))
                    client.send(MARK.encode())
                    if kind == 1:
                        loot.append(f"{host} answered by protocol {protocol}")
            except OSError:
                pass
        try:
            with socket.socket(family, kind, protocol) as client:
                client.settimeout(0.2)
                client.sendto(MARK.encode(), 0x20000000, ("127.0.0.1", PORT))
        except OSError:
            pass
