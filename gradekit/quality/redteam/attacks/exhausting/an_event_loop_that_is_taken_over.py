"""Idea: Tasks in the kernel's own event loop block it, between the cells and between the probes.
Must: A kernel that answers nobody is killed after a call's limit, and replaced.
"""

import asyncio
import time

END = time.monotonic() + 60


async def block():
    while time.monotonic() < END:
        try:
            time.sleep(2)
            await asyncio.sleep(0)
        except BaseException:
            continue


loop = asyncio.get_event_loop()
tasks = [loop.create_task(block()) for _ in range(3)]
loop.call_exception_handler = loop.stop = loop.close = lambda *given: None
