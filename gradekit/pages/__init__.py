"""What people read: a page for each student, and one for the class.

Each page is one file that asks nothing of a network and runs no code of a stranger's.
"""

from gradekit.pages.html import content_policy, render
from gradekit.pages.items import FEW, Estimate, Item, analyse
from gradekit.pages.publish import publish_pages

__all__ = [
    "FEW",
    "Estimate",
    "Item",
    "analyse",
    "content_policy",
    "publish_pages",
    "render",
]
