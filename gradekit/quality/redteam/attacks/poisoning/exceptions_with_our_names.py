"""Idea: The student's exceptions are called and worded as ours are, to be taken for them.
Must: Only the worker's own exceptions stop, skip or excuse a check.
"""

names = "Stopped StudentError GraderError UnansweredError UnfitError SubmissionError AuthorError"
more = "AssertionError SystemExit KeyboardInterrupt GeneratorExit StopIteration MemoryError"
bases = [BaseException, Exception, AssertionError, SystemExit, KeyboardInterrupt, StopIteration]
kinds = [
    type(name, (bases[place % len(bases)],), {"how": MARK, "kind": "passed", "staff": MARK})
    for place, name in enumerate((names + " " + more).split())
]


def forge(name):
    def answer(*given):
        raise kinds[len(given[0]) % len(kinds)](f"UNMARKED: Docker failed. {MARK}")

    answer.shape = property(answer)
    return answer


raise kinds[2]("Report it to staff; this submission has no score.")
