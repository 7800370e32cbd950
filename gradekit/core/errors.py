"""What can go wrong, sorted by who can mend it.

Whoever reads an error first needs to know whether it is theirs. So there is
one class for each party, and each text has three parts: where, what, and what
to do. No fault of ours may cost a student marks: work that meets a
`GraderError` stays ungraded, which is not zero.
"""


class GradekitError(Exception):
    """Base of every error raised on purpose; its text is written for people."""


class AuthorError(GradekitError):
    """The master notebook or its bundle is inconsistent; its author can mend it."""


class SubmissionError(GradekitError):
    """The submission cannot be read; the student can hand in a better one."""


class GraderError(GradekitError):
    """Docker, the sandbox or this program failed; staff must act."""
