"""How good are the checks? Right answers, wrong answers and mutants of the solution tell."""

from gradekit.quality.audit.gate import HINT, Gate, unexplained_survivors
from gradekit.quality.audit.measurement import Audit
from gradekit.quality.audit.mutants import MAX_MUTANTS
from gradekit.quality.audit.rates import (
    CONFIDENCE,
    METHOD,
    GradedAnswer,
    QuestionAudit,
    Rate,
    pooled,
)

__all__ = [
    "CONFIDENCE",
    "HINT",
    "MAX_MUTANTS",
    "METHOD",
    "Audit",
    "Gate",
    "GradedAnswer",
    "QuestionAudit",
    "Rate",
    "pooled",
    "unexplained_survivors",
]
