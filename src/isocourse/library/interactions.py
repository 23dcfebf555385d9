"""Another drug beside isotretinoin: what each document says of the two together, and why."""

from msgspec import Struct

from isocourse.decisions.tables import Say
from isocourse.library.said import Said

STANCES = {
    "contraindicated": "must not be combined (contraindicated)",
    "avoid": "avoid together",
    "inadequate": "not adequate as contraception",
    "caution": "caution",
    "used_together": "used together on purpose",
    "no_change_found": "no relevant change was found",
}
"""What a document can say of a combination, the strictest first."""


class Stance(Struct, frozen=True):
    """What one document says of the combination."""

    by: str
    """The protocol that says it; empty where it is none of those here."""
    who: str
    """Who says it, where it is no protocol here."""
    says: str
    note: str
    claims: tuple[str, ...]


class Interaction(Struct, frozen=True):
    """One class of drugs beside isotretinoin."""

    name: str
    say: Say
    kind: str
    """A drug or class of the drugs vocabulary; empty for what is no drug."""
    stances: tuple[Stance, ...]
    mechanism: tuple[Said, ...]
    silent: tuple[str, ...]
    """Protocols whose text was read and does not name it."""
    open: tuple[str, ...]
    """What was looked for and not read."""
