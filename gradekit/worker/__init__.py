"""One notebook is graded: its cells run in the student's kernel, the checks are judged here.

The only code that decides a mark. It runs beside the student's process, never in it.
"""

from gradekit.worker.judging import STOPS
from gradekit.worker.kernel import Ended
from gradekit.worker.matching import defined
from gradekit.worker.process import worker_arguments
from gradekit.worker.recording import Recording, UnusableError
from gradekit.worker.worker import OUT_OF_TIME

__all__ = [
    "OUT_OF_TIME",
    "STOPS",
    "Ended",
    "Recording",
    "UnusableError",
    "defined",
    "kernel",
    "self_check",
    "worker_arguments",
]
