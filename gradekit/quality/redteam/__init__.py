"""Does the sandbox hold? Attacks are run against an assignment, and their traces are searched for.

Importing this loads Otter and Docker's client, so a command does it only when it runs.
"""

from gradekit.quality.redteam.breaches import Breach, BreachKind, CampaignResult, counted
from gradekit.quality.redteam.campaign import run_campaign

__all__ = [
    "Breach",
    "BreachKind",
    "CampaignResult",
    "catalogue",
    "counted",
    "run_campaign",
]
