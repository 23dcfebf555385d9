"""Who may do what: five roles, and what a route asks for. What no role grants is refused."""

from __future__ import annotations

from enum import StrEnum


class Needs(StrEnum):
    """What somebody must be allowed to do before a route answers."""

    NOTHING = "nothing"
    """Anyone who reaches the server: the door, its files, whether it lives."""
    KNOWLEDGE = "knowledge"
    """Look at protocols, claims and contradictions; calculate and simulate without a patient."""
    PATIENT = "patient"
    """See a patient and what is said of one."""
    RECORD = "record"
    """Enter or change what is known of a patient."""
    DISPENSE = "dispense"
    """Note what was handed out."""
    TRAIL = "trail"
    """See who read and wrote what."""
    PEOPLE = "people"
    """Import, export, erase, and see who is here."""


ROLES = {
    "reader": frozenset({Needs.KNOWLEDGE}),
    "clinician": frozenset({Needs.KNOWLEDGE, Needs.PATIENT, Needs.RECORD, Needs.DISPENSE}),
    "pharmacist": frozenset({Needs.KNOWLEDGE, Needs.PATIENT, Needs.DISPENSE}),
    "auditor": frozenset({Needs.KNOWLEDGE, Needs.PATIENT, Needs.TRAIL}),
    "admin": frozenset({Needs.KNOWLEDGE, Needs.PEOPLE, Needs.TRAIL}),
}
"""What each role may do, besides what anyone may."""

EVERYTHING = frozenset(ROLES)
"""The roles of the one person at this machine."""


def may(roles: frozenset[str], needs: Needs) -> bool:
    """Whether any of the roles grants it.

    >>> may(frozenset({"pharmacist"}), Needs.RECORD), may(frozenset({"auditor"}), Needs.TRAIL)
    (False, True)
    """
    return needs is Needs.NOTHING or any(needs in ROLES.get(role, frozenset()) for role in roles)
