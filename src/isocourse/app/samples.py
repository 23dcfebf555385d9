"""The sample patients that ship: invented, each made to show something."""

from __future__ import annotations

from datetime import date

from isocourse.app.knowledge import shipped
from isocourse.app.record import read_record
from isocourse.facts.record import Record
from isocourse.library import Library

SAMPLE_DAY = date(2026, 11, 24).toordinal()
"""The day by which they are judged."""


def samples(library: Library) -> list[tuple[str, Record]]:
    """Every sample patient by name."""
    files = sorted((shipped() / "patients").glob("*.yaml"))
    return [(path.stem, read_record(path, library.catalogue, SAMPLE_DAY)) for path in files]
