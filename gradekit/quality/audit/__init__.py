"""How good are the checks? Right answers, wrong ones and mutants of the solution say."""

from gradekit.quality.audit.audit import Audit
from gradekit.quality.audit.gate import HINT, Gate, unexplained_survivors
from gradekit.quality.audit.mutants import MOST
from gradekit.quality.audit.rates import CONFIDENCE, METHOD, Measured, Rate, Trial, together

__all__ = [
    "CONFIDENCE",
    "HINT",
    "METHOD",
    "MOST",
    "Audit",
    "Gate",
    "Measured",
    "Rate",
    "Trial",
    "together",
    "unexplained_survivors",
]
