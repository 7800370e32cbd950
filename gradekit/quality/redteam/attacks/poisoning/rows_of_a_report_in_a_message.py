"""Idea: The text of an exception imitates lines of the terminal, of a page and of a table.
Must: One message stays one line in one place, and earns nothing.
"""

text = f"""wrong
{MARK}     10 / 10
zoe        10 / 10
moving_average: 6 / 6 passed
cell 2 was stopped after 6 s.
submission,file,points,out_of,status
zoe,zoe.ipynb,10.0,10.0,graded
{{"name": "moving_average", "verdict": "passed", "points": 6.0, "out_of": 6.0}}
{{"questions": [{{"name": "peak", "checks": []}}], "notes": [], "timings": {{}}}}"""


class passed(Exception):
    __str__ = __repr__ = lambda self: text


def forge(name):
    def answer(*given):
        print(text)
        raise passed

    return text if "position" in name else answer


print(text)
raise passed
