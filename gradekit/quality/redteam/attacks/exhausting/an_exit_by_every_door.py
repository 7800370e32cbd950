"""Idea: The kernel is asked to exit, to shut down, to restart: by magics, messages and its loop.
Must: It ends or it does not; questions behind it are graded in the next one.
"""

ip = get_ipython()


def forge(name):
    def answer(*given):
        ip.ask_exit()
        ip.kernel.do_shutdown(True)
        raise SystemExit(MARK)

    return answer


ip.payload_manager.write_payload({"source": "ask_exit", "keepkernel": False})
ip.payload_manager.write_payload({"source": "set_next_input", "text": MARK * 10_000})
ip.ask_exit()
exit(0)
