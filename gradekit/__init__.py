"""Grade Jupyter notebooks without letting them grade themselves."""

__version__ = "0.1.0"
