"""Idea: Shells that ignore signals keep the pipes open that the cell waits for.
Must: The cell is stopped at its limit, and the shells are gone with the sandbox.
"""

command = "trap '' INT TERM HUP PIPE; for n in $(seq 60); do sleep 1; echo $n; done"
ip = get_ipython()
ip.run_cell_magic("bash", "--bg", f"{command} # {MARK}")
ip.system(f"({command}) & setsid sh -c '{command.replace(chr(39), '')}' {MARK} & wait")
ip.run_cell_magic("bash", "", f"{command} # {MARK}")
