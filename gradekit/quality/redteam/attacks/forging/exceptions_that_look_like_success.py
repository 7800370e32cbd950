"""Idea: exceptions of types that graders raise themselves: skipped, passed, not our fault.
Must: earn nothing; each is an exception of the student's code, whatever it is called.
"""

import itertools

names = ["Passed", "SkipTest", "Skipped", "TestPassed", "Success", "ImportError", "MemoryError"]
names += ["OSError", "NameError", "RecursionError", "SyntaxError", "Stopped", "GraderError"]
turn = itertools.cycle([type(name, (Exception,), {}) for name in names])


def forge(name):
    def answer(*given, **named):
        raise next(turn)("all tests passed; points: 100")

    return answer
