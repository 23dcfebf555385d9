"""Who stands behind a pseudonym: names, numbers and contacts live here and nowhere else."""

from __future__ import annotations

import base64
import os
import unicodedata
from dataclasses import dataclass
from hashlib import sha256

from isocourse.register.canonical import canonical
from isocourse.register.problem import RegisterError

LONGEST = 300
"""Characters of one part of an identity."""

PSEUDONYM = 13
"""Characters of a pseudonym."""

_APOSTROPHES = str.maketrans(dict.fromkeys("ʻʼ‘’`´ʹ′'", ""))


@dataclass(frozen=True, slots=True)
class Identity:
    """One person. Every part may be empty; the pseudonym is drawn at random."""

    patient: str
    name: str = ""
    birth: str = ""
    """As the record has it: 2006-02-17, 2006-02 or 2006."""
    number: str = ""
    """The medical record number."""
    contact: str = ""

    @property
    def digest(self) -> str:
        """A hash of who it is; it is written, sealed, into the chain, so that a changed identity shows."""
        return sha256(canonical([self.patient, self.name, self.birth, self.number, self.contact])).hexdigest()

    def checked(self) -> Identity:
        """The same identity.

        Raises:
            RegisterError: a part is too long or holds characters that cannot be shown.
        """
        if len(self.birth) > len("2006-02-17"):
            raise RegisterError.of(
                "birth",
                "birth of the patient: expected a day, a month or a year, such as 2006-02-17. Nothing was written.",
            )
        for part in ("name", "birth", "number", "contact"):
            said: str = getattr(self, part)
            if len(said) > LONGEST or not all(letter.isprintable() for letter in said):
                raise RegisterError.of(
                    part,
                    "{part} of the patient: expected up to {n} characters that can be shown on one line; write it so. Nothing was written.",
                    part=part,
                    n=LONGEST,
                )
        return self


def new_pseudonym() -> str:
    """A name that says nothing, for a patient.

    >>> len(new_pseudonym()) == PSEUDONYM
    True
    """
    return "p" + _drawn()


def new_course() -> str:
    """A name that says nothing, for a course."""
    return "c" + _drawn()


def _drawn() -> str:
    return base64.b32encode(os.urandom(8)).decode().lower()[:12]


def name_key(name: str) -> str:
    """A name as it is searched for: case, accents, apostrophes and spaces beside each other do not count.

    >>> name_key("Oʻktam  Gʻaniyev") == name_key("o'ktam g'aniyev") == "oktam ganiyev"
    True
    >>> name_key("Семёнова")
    'семенова'
    """
    plain = unicodedata.normalize("NFKD", name.translate(_APOSTROPHES).casefold())
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).split())
