"""Is the grading right? Checks, thresholds and the sandbox are measured.

Each part is a package of its own, because each needs libraries that graders need not have:
the audit Cosmic Ray, the calibration SciPy, the attacks the author's side of gradekit.
"""

__all__ = ["audit", "calibration", "redteam"]
