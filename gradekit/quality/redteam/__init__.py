"""Do the walls hold? Attacks are run against an assignment, and their traces are looked for."""

from gradekit.quality.redteam.campaign import run_campaign

__all__ = [
    "catalogue",
    "run_campaign",
]
