"""What all other packages speak in: errors, marks, jobs, bundles, and text made safe.

It knows nothing of notebooks, processes or pages. Its modules are imported by name.
"""

__all__ = [
    "bundle",
    "errors",
    "escape",
    "exhibits",
    "files",
    "job",
    "marks",
    "program",
    "rubric",
    "text",
]
