"""Idea: Sequences that clear the screen, set its title, fill the clipboard or type an answer.
Must: No control character reaches a terminal, a table, a log or a page.
"""

orders = [
    "\x1b[2J\x1b[H\x1b]0;" + MARK + "\x07",
    "\x1b]52;c;cm0=\x07\x1b]8;;http://192.0.2.1/\x1b\\" + MARK + "\x1b]8;;\x1b\\",
    "\x1b[8m\x1b[?1049h\x1bc\x1b[6n\x1b[21t\x1bP+q544e\x1b\\" + MARK,
    "\x9b2J\x9d0;" + MARK + "\x9c\r\x08\x08\x7f\x0e",
    "\r\x1b[1A\x1b[2K" + MARK + "  10 / 10\n",
]
Kind = type(orders[0], (Exception,), {})


def forge(name):
    def answer(*given):
        print(*orders)
        raise Kind(orders[len(given[0]) % len(orders)])

    return answer


print(*orders)
raise Kind("".join(orders))
