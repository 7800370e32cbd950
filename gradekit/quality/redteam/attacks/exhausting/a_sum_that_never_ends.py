"""Idea: Sums, sorts and products in C, in twelve threads that hold the lock between them.
Must: The cell is stopped at its limit, and the answers that follow are asked for in vain.
"""

import signal
import threading

signal.alarm(60)


def busy(number):
    if number % 3 == 0:
        return sum(range(10**12))
    if number % 3 == 1:
        return max(range(10**12))
    return sorted(range(10**7), key=lambda n: -(n**3) % 1000003)


for number in range(12):
    threading.Thread(target=busy, args=(number,), daemon=True).start()
busy(0)
