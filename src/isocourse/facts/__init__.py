"""What can be known of a patient: streams of events, believing a value, and folding a timeline into facts.

Its modules are imported one by one, so that a command loads only what it needs.
"""

__all__ = [
    "believe",
    "contradictions",
    "courses",
    "days",
    "declare",
    "fold",
    "imply",
    "instruments",
    "orders",
    "problem",
    "record",
    "refused",
    "snapshot",
    "streams",
]
