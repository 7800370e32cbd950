"""Idea: One single print, one display and one answer, each larger than any message.
Must: They are refused before they are held in memory, and the worker survives.
"""

from IPython.display import HTML, display

HUGE = 200 << 20
print("x" * (HUGE // 2))
display(HTML("<b>" * (HUGE // 6)))


def forge(name):
    return lambda *given: "x" * HUGE
