"""The student's process and what stands around it: isolation, messages, plain values."""

from gradekit.worker.kernel.answering import Answering, Ended, UnansweredError
from gradekit.worker.kernel.environment import Environment, Stopped, StudentError
from gradekit.worker.kernel.fork_server import ForkServer
from gradekit.worker.kernel.isolation import FIRST_USER, USERS
from gradekit.worker.kernel.kernel import Kernel

__all__ = [
    "FIRST_USER",
    "USERS",
    "Answering",
    "Ended",
    "Environment",
    "ForkServer",
    "Kernel",
    "Stopped",
    "StudentError",
    "UnansweredError",
    "control_group",
    "fork_server",
]
