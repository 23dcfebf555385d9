"""The register: patients and courses in SQLite or PostgreSQL, an append-only chain of events as the only truth.

Needs the extra packages of `[register]`; nothing that judges a patient imports this room.
"""

__all__ = [
    "backup",
    "database",
    "document",
    "events",
    "identity",
    "listing",
    "problem",
    "projections",
    "register",
    "signing",
    "tables",
    "trail",
    "verify",
    "versions",
]
