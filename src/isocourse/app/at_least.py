"""Proves that a protocol is no laxer than a chosen label, or shows for whom it is."""

from __future__ import annotations

from msgspec import Struct

from isocourse.app.reference import reference_patient
from isocourse.decisions.tables import Edition
from isocourse.library import Library
from isocourse.proofs.question import Asker
from isocourse.proofs.stricter import Demand, no_laxer
from isocourse.render.values import given_text


class Compared(Struct, frozen=True):
    """One demand of the label on the edition, and the patient nearest to the reference for whom the edition is laxer."""

    edition: str
    than: str
    demand: Demand
    patient: tuple[tuple[str, str], ...] = ()


def at_least(library: Library, edition: Edition, than: Edition, asker: Asker | None = None) -> list[Compared]:
    """Every demand of `than`, and whether `edition` makes it too."""
    asker = asker or Asker(library.program)
    found = []
    for demand in no_laxer(asker, edition, than, library.points):
        found.append(Compared(edition.key, than.key, demand, _patient(library, asker, demand)))
    return found


def _patient(library: Library, asker: Asker, demand: Demand) -> tuple[tuple[str, str], ...]:
    if demand.where is None:
        return ()
    reference = reference_patient(library)
    values = asker.nearest(reference, demand.where)
    if values is None:
        return ()
    return tuple(
        given_text(library, place, value) for place, value in enumerate(values) if value != reference.values[place]
    )


def editions_named(library: Library, name: str) -> tuple[Edition, ...]:
    """The editions of a protocol, or the one that is named; the latest of a protocol comes last."""
    return tuple(edition for edition in library.editions if name in (edition.protocol, edition.key))
