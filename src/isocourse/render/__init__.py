"""Answers as words for people and as JSON for machines.

Its modules are imported one by one, so that a command loads only what it needs.
"""

__all__ = ["arithmetic", "explanation", "lists", "page", "report", "terminal", "today", "values", "words"]
