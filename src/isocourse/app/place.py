"""Where the course is: spelt as the knowledge spells it, or a Problem."""

from __future__ import annotations

import re

from msgspec.structs import replace

from isocourse.facts.frames import near
from isocourse.facts.problem import Problem
from isocourse.facts.record import Record
from isocourse.library import Asked, Library

_COUNTRY = re.compile(r"[A-Z]{2}")
"""A code of a country; one whose rules nobody here has read is a place all the same."""


def with_place(library: Library, record: Record, asked: Asked) -> tuple[Record, Asked]:
    """The record and the user's choice with the place as it is spelt here; what is no place becomes a Problem."""
    asked = replace(asked, jurisdiction=library.place(asked.jurisdiction))
    place = library.place(record.jurisdiction)
    if place in library.known_places or not place or _COUNTRY.fullmatch(place):
        return replace(record, jurisdiction=place), asked
    expected = "a code such as EU, UK or US"
    found = near(f'"{place[:40]}"', place, library.known_places)
    problem = Problem("jurisdiction", found, expected, "correct it", "The jurisdiction counts as not known.")
    return replace(record, jurisdiction="", problems=(*record.problems, problem)), asked
