"""Is the grading right? The checks, the thresholds, the sandbox and the class are measured.

Each part is a package of its own, because each needs libraries that graders need not have.
"""

__all__ = ["audit", "calibration", "redteam"]
