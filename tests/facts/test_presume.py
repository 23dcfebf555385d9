"""A presumed no: only where it is asked for, only from a list on file, never for what matters most, always named."""

from __future__ import annotations

from datetime import date

from isocourse.app.assess import assess
from isocourse.facts.record import Record
from isocourse.library import Asked, Library
from isocourse.logic.truth import Truth
from isocourse.reading.records import record_of
from isocourse.reading.yaml_text import load_text

TODAY = date(2026, 11, 24).toordinal()
WITH_LIST = """
isocourse: '1'
patient: {birth: '1999-04-17', recorded_gender: female}
lists:
  - {list: conditions, item: acne_vulgaris, is: yes, day: '2026-11-01'}
"""


def record(library: Library, text: str) -> Record:
    return record_of(load_text(text, "record"), "record", library.catalogue, TODAY)


def truth(library: Library, name: str, *, presume: bool, text: str = WITH_LIST) -> Truth:
    seen = assess(library, record(library, text), Asked(TODAY, presume=presume))
    slot = library.program.slot_named(name)
    assert slot is not None
    return Truth(seen.snapshot.state.low[slot])


def test_nothing_is_presumed_unless_it_is_asked_for(library: Library) -> None:
    assert truth(library, "any(conditions, kind = diabetes, current)", presume=False) is Truth.UNKNOWN
    assert truth(library, "any(conditions, kind = diabetes, current)", presume=True) is Truth.NO


def test_without_a_list_on_file_nothing_is_presumed(library: Library) -> None:
    bare = WITH_LIST.partition("lists:")[0]
    assert truth(library, "any(conditions, kind = diabetes, current)", presume=True, text=bare) is Truth.UNKNOWN


def test_red_lines_pregnancy_and_allergies_are_never_presumed_away(library: Library) -> None:
    for name in (
        "pregnant",
        "breastfeeding",
        "any(conditions, kind = liver_failure, current)",
        "any(conditions, kind = hypervitaminosis_a, current)",
        "any(drugs, kind = tetracycline, current)",
        "any(allergies, kind = soya)",
        "any(allergies, kind = isotretinoin)",
    ):
        assert truth(library, name, presume=True) is Truth.UNKNOWN, name


def test_every_answer_that_used_it_says_so(library: Library) -> None:
    seen = assess(library, record(library, WITH_LIST), Asked(TODAY, presume=True))
    slots = [
        place for place, origin in enumerate(seen.snapshot.origins) if any("presumed" in mark for mark in origin.marks)
    ]
    assert slots
    for answer in seen.answers:
        leaves = {
            arg for reason in answer.reasons for leaf in reason.leaves() for arg in leaf.node.args if leaf.node.names
        }
        if leaves & set(slots):
            assert any("presumed" in mark for mark in answer.marks), (answer.edition.key, answer.point.name)
