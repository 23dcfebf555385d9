"""The command line.

Its modules are imported one by one, so that a command loads only what it needs.
"""

__all__ = ["main"]
