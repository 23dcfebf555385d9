"""The page for the patient, with whether she counts as able to become pregnant."""

from __future__ import annotations

from isocourse.decisions.binding import in_force
from isocourse.decisions.gate import TERM
from isocourse.decisions.tables import Status
from isocourse.library import Assessment
from isocourse.logic.exact import reachable_truths
from isocourse.logic.truth import Truth
from isocourse.render.patient import patient_page


def page_for_patient(seen: Assessment, width: int) -> str:
    """The page for the patient of an assessment, whatever part of it was asked to be seen."""
    return patient_page(seen, width, able_to_become_pregnant(seen))


def able_to_become_pregnant(seen: Assessment) -> Truth:
    """Whether any definition in force calls her able: yes before not known before no, and not known where there is none."""
    library = seen.library
    definitions = [edition.definition(TERM) for edition in in_force(library.editions, seen.asked.as_of)]
    said = {
        Truth(reachable_truths(library.program, seen.snapshot.state, each.node))
        for each in definitions
        if each is not None and each.status is Status.ANSWERED
    }
    if Truth.YES in said:
        return Truth.YES
    return Truth.NO if said == {Truth.NO} else Truth.UNKNOWN
