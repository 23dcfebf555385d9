"""Decision points, editions and their positions; judging a snapshot under them; what a clinician sees first.

Its modules are imported one by one, so that a command loads only what it needs.
"""

__all__ = ["answers", "binding", "dates", "gate", "kept", "opposed", "tables", "today"]
