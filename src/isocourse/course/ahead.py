"""Which editions a course will meet: those in force today, and those that begin while it runs."""

from __future__ import annotations

from isocourse.decisions.binding import governing
from isocourse.decisions.tables import Edition
from isocourse.library import Assessment


def coming(assessment: Assessment) -> tuple[Edition, ...]:
    """The editions that begin after today, as far as they were asked to be seen or will govern."""
    today = assessment.asked.as_of
    later = [
        each
        for each in assessment.library.editions
        if each.begins is not None and each.begins.certainty != "unknown" and each.begins.day > today
    ]
    later = [each for each in later if each not in assessment.editions]
    binding = _binding(assessment, tuple(later))
    return tuple(each for each in later if assessment.asked.shows(each) or each in binding)


def met(assessment: Assessment) -> tuple[Edition, ...]:
    """The editions of today and those that are coming: each duty is then judged by the one in force on its own day."""
    return (*assessment.editions, *coming(assessment))


def governing_by_then(assessment: Assessment) -> tuple[str, ...]:
    """The protocols that govern today, and those that will once their edition begins, by name."""
    ahead = _binding(assessment, coming(assessment))
    return tuple(dict.fromkeys(each.protocol for each in (*assessment.governs, *ahead)))


def coming_to_govern(assessment: Assessment, last: int) -> tuple[Edition, ...]:
    """The editions that will govern and begin up to a day."""
    ahead = _binding(assessment, coming(assessment))
    return tuple(each for each in ahead if each.begins is not None and each.begins.day <= last)


def _binding(assessment: Assessment, later: tuple[Edition, ...]) -> tuple[Edition, ...]:
    places = assessment.library.places(assessment.asked.jurisdiction or assessment.record.jurisdiction)
    label = assessment.product.label if assessment.product else ""
    bound = governing((*assessment.governs, *later), places, label)
    return tuple(each for each in later if each in bound)
