"""Use cases: judge a patient, check the knowledge, explain an answer, simulate a course.

Its modules are imported one by one, so that a command loads only what it needs.
"""

__all__ = ["assess", "check", "given", "knowledge", "record", "simulate"]
