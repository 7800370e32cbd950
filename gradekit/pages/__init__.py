"""What people read: a page for each student, one for the class, and the numbers behind it.

Each page is one file that needs no network and runs no code of a stranger's. Other
packages make their pages with `render`, so that all escape what they show and all have
a Content-Security-Policy.
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
