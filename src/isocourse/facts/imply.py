"""What an entry in one stream says in another: a pregnancy status is a condition, and some entries speak of anatomy."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from isocourse.facts.declare import Fold
from isocourse.facts.record import Event, Record
from isocourse.facts.streams import Catalogue
from isocourse.logic.truth import Truth

ORGANS = "organs"
"""The stream of entries that speak for an anatomy that can carry a pregnancy."""

SPEAK_OF_ORGANS = frozenset(
    {
        "pregnancy",
        "breastfeeding",
        "hysterectomy",
        "bilateral_oophorectomy",
        "tubal_sterilisation",
        "postmenopause",
        "polycystic_ovary",
    }
)
"""Conditions and procedures that only someone with, or once with, such an anatomy has."""


def asks_of_organs(fold: Fold) -> bool:
    """Whether only an entry that itself speaks for such an anatomy could say yes to it: a pregnancy, breastfeeding, a pregnancy test.

    Where the file says that there is no such anatomy, such a fact is settled until an entry says otherwise.
    """
    if fold.stream in ("pregnancy_test", "pregnancy_status", "menses_started", "menopause_months"):
        return True
    kinds = {value for each in fold.where if each.part == "kind" for value in each.values}
    return bool(kinds) and kinds <= SPEAK_OF_ORGANS


def implied(record: Record, catalogue: Catalogue) -> Record:
    """The record with what its entries imply written out as events of their own, each with the origin of the entry."""
    more = [extra for event in record.events for extra in _implied(event, catalogue)]
    return replace(record, events=(*record.events, *more)) if more else record


def _implied(event: Event, catalogue: Catalogue) -> Iterator[Event]:
    if event.stream == "pregnancy_status":
        said = {"pregnant": Truth.YES, "not_pregnant": Truth.NO}
        answers = [said.get(code, Truth.UNKNOWN) for code in event.value] if isinstance(event.value, tuple) else []
        answer = answers[0] if len(answers) == 1 else Truth.UNKNOWN
        yield replace(event, stream="conditions", item="pregnancy", value=answer)
    if event.stream == "procedures" and event.item == "tubal_sterilisation":
        yield replace(event, stream="methods")
    if event.stream in ("pregnancy_test", "pregnancy_status") or _speaks_of_organs(event, catalogue):
        yield replace(event, stream=ORGANS, item="", value=Truth.YES)


OWN_BODY = frozenset({"user_independent", "hormonal", "diaphragm", "cervical_cap", "sponge", "progestin_only_pill"})
"""Methods that only someone with such an anatomy uses on her own body."""


def _speaks_of_organs(event: Event, catalogue: Catalogue) -> bool:
    if event.stream in ("menses_started", "menopause_months"):
        return event.value is not Truth.NO
    if event.value is not Truth.YES or event.stream not in ("conditions", "procedures", "methods", "drugs"):
        return False
    if event.stream == "drugs":
        drug = catalogue.item("drugs", event.item)
        return "hormonal_contraceptive" in (drug.kinds if drug else ())
    if event.stream == "methods":
        method = catalogue.item("methods", event.item)
        return bool(OWN_BODY.intersection((event.item, *(method.kinds if method else ()))))
    item = catalogue.item(event.stream, event.item)
    return bool(SPEAK_OF_ORGANS.intersection((event.item, *(item.kinds if item else ()))))
