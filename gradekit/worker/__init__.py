"""One notebook is graded: its cells run in the student's kernel, the checks are judged here.

The only code that decides a mark. It runs beside the student's process, never in it.
"""

from gradekit.worker.judging import found_no_kernel
from gradekit.worker.matching import defined_names
from gradekit.worker.process import worker_arguments
from gradekit.worker.recording import Recording, UnusableError

__all__ = [
    "Recording",
    "UnusableError",
    "defined_names",
    "found_no_kernel",
    "kernel",
    "self_check",
    "worker_arguments",
]
