"""A plan as FHIR R4: a proposed care plan with its duties, one proposed prescription for each supply and strength, proposed tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import reduce
from html import escape
from typing import Any, cast
from uuid import UUID, uuid5

from isocourse.course.calendar import Entry
from isocourse.course.heading import conditions, held_up, of_supply
from isocourse.course.plan import Plan, Supply
from isocourse.course.proposal_frames import FIXED
from isocourse.decisions.dates import BOTH, DEPENDS
from isocourse.decisions.sentence import of_day, of_digits, of_text
from isocourse.decisions.wording import Wording
from isocourse.facts.days import iso
from isocourse.facts.sentence import Sentence, in_language, joined, of_words, sentence
from isocourse.fhir.proposed_dosage import CAPSULE, UCUM, dosages
from isocourse.logic.truth import Truth
from isocourse.logic.units import decimal

Json = dict[str, Any]
SPACE = UUID("6f1c5e0e-5a49-5c3e-9a4e-0d6a1b7e5d21")
"""The namespace of our identifiers: the same plan gives the same ones."""
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
FORCE = {"must": "must", "should": "should", "may": FIXED["proposal.may"], "none": "no force"}


def care_plan(plan: Plan, stamp: datetime, subject: str = "") -> Json:
    """A bundle of proposals, none of them an order, told in the language of the plan's assessment.

    Args:
        plan: the plan.
        stamp: when it is made, with its offset from UTC.
        subject: a reference such as `Patient/12`; without one the resources name the patient by age and sex only.

    Raises:
        ValueError: the stamp has no offset.
    """
    if stamp.tzinfo is None:
        raise ValueError("the stamp of a bundle needs an offset from UTC")
    whose = {"reference": subject} if subject else {"display": _told("patient")}
    made = _Made(plan, stamp.isoformat(timespec="seconds"), whose)
    orders = list(made.prescriptions())
    tests = list(made.tests())
    resources = [made.plan_itself(orders, tests), *orders, *tests]
    bundle = {
        "resourceType": "Bundle",
        "id": made.name("bundle"),
        "type": "collection",
        "timestamp": made.stamp,
        "entry": [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources],
    }
    return cast("Json", _in_language(bundle, plan.assessment.words))


class _Made:
    """One plan being written."""

    def __init__(self, plan: Plan, stamp: str, subject: Json) -> None:
        self.plan, self.stamp, self.subject = plan, stamp, subject
        self.head: str = held_up(plan)
        library = plan.assessment.library
        self.governing = [library.edition(key) for key in plan.governs]
        self.laboratory = {name for name, _ in library.point("lab_schedule").finds}
        drug = library.catalogue.item("drugs", "isotretinoin")
        self.rxnorm = [code.code for code in drug.codes if code.system == "rxnorm"] if drug else []

    def name(self, part: str) -> str:
        """The identifier of a part, the same each time."""
        return str(uuid5(SPACE, f"{self.plan.key}/{part}"))

    # the plan -----------------------------------------------------------------------------------------------------------------
    def plan_itself(self, orders: list[Json], tests: list[Json]) -> Json:
        """The care plan: proposals by reference, every other duty of what governs written out."""
        plan = self.plan
        activities: list[Json] = [{"reference": {"reference": f"urn:uuid:{each['id']}"}} for each in (*orders, *tests)]
        activities += [{"detail": self._detail(entry)} for entry in self._duties() if not self._is_test(entry)]
        title = _told("title")
        made: Json = {
            "resourceType": "CarePlan",
            "id": self.name("plan"),
            "text": narrative(self.head, title),
            "status": "draft",
            "intent": "proposal",
            "title": title,
            "description": self.head or _told("nothing_open"),
            "subject": self.subject,
            "created": self.stamp,
            "note": [{"text": text} for text in self._notes()],
        }
        if plan.start is not None and not plan.withheld:
            end = {"end": iso(plan.end)} if plan.end is not None and plan.end_sure else {}
            made["period"] = {"start": iso(plan.start)} | end
        if activities:
            made["activity"] = activities
        return made

    def _notes(self) -> Iterator[str]:
        if self.head:
            yield self.head
        for condition in conditions(self.plan):
            yield _told("not_until", what=condition.line)
        if self.governing:
            for edition in self.governing:
                yield _told("governing", title=of_text(edition.title), edition=edition.edition, key=edition.key)
        else:
            yield _told("no_governing")
        if self.plan.end is not None and not self.plan.end_sure and not self.plan.withheld:
            yield _told("drawn_to", day=of_day(self.plan.end))
        if self.plan.steps and not self.plan.withheld and not any(each.capsules for each in self.plan.supplies):
            yield _told("no_capsules")
        yield from self.plan.notes
        yield _told("made_by")

    def _duties(self) -> list[Entry]:
        """The duties of what governs that apply as things stand; with a red line, none that belongs to a supply or a start."""
        return [
            entry
            for entry in self.plan.calendar
            if entry.governs
            and entry.applies is not Truth.NO
            and entry.as_stands is not Truth.NO
            and not (self.plan.withheld and of_supply(entry))
        ]

    def _detail(self, entry: Entry) -> Json:
        duty = entry.row.duty
        assert duty is not None
        made: Json = {
            "code": {"text": of_text(entry.point.say_of(duty.what))},
            "status": "not-started",
            "doNotPerform": duty.verb == "avoid",
            "description": self._about(entry),
        }
        if entry.shown is Truth.YES:
            made["status"] = "completed" if duty.verb == "do" else "in-progress"
        if entry.first is not None or entry.last is not None:
            made["scheduledPeriod"] = period(entry.first, entry.last)
        else:
            made["scheduledString"] = _undated(entry)
        return made

    def _about(self, entry: Entry) -> str:
        """Whose duty it is, with what force, how the source counts, and what it depends on."""
        told = _told(
            "about",
            who=of_text(entry.edition.short),
            key=entry.edition.key,
            force=of_words(FORCE[entry.row.force]),
            counted=entry.counted,
        )
        waits = [_waits(entry)] if entry.depends_on else []
        sure = [] if entry.applies is Truth.YES else [_told("not_sure")]
        about = joined([told, *waits, *sure, *entry.marks], "; ")
        return joined([self.head, about], ". ") if self.head else about

    # tests -----------------------------------------------------------------------------------------------------------------------
    def _is_test(self, entry: Entry) -> bool:
        assert entry.row.duty is not None
        what = entry.row.duty.what
        return entry.row.duty.verb == "do" and (what == "pregnancy_test" or what in self.laboratory)

    def tests(self) -> Iterator[Json]:
        """A proposal for each test that what governs asks for."""
        for entry in self._duties():
            if self._is_test(entry):
                yield self._test(entry)

    def _test(self, entry: Entry) -> Json:
        duty = entry.row.duty
        assert duty is not None
        said = of_text(entry.point.say_of(duty.what))
        made: Json = {
            "resourceType": "ServiceRequest",
            "id": self.name(f"test/{entry.uid}"),
            "text": narrative(self.head, joined([said, self._about(entry)], ": ")),
            "status": "draft",
            "intent": "proposal",
            "code": {"text": said},
            "subject": self.subject,
            "authoredOn": self.stamp,
            "note": [{"text": self._about(entry)}],
        }
        if entry.first is not None or entry.last is not None:
            made["occurrencePeriod"] = period(entry.first, entry.last)
        else:
            made["note"].append({"text": _told("no_day", why=_undated(entry))})
        return made

    # prescriptions -----------------------------------------------------------------------------------------------------------------
    def prescriptions(self) -> Iterator[Json]:
        """A proposal for each supply and strength; with a red line, none."""
        if self.plan.withheld:
            return
        for supply in self.plan.supplies:
            for strength, count in supply.capsules:
                yield self._prescription(supply, decimal(strength), count)

    def _prescription(self, supply: Supply, strength: str, count: int) -> Json:
        step = next(each for each in self.plan.steps if each.first <= supply.first <= each.last)
        drug = _told("drug", mg=of_digits(strength))
        if step.formulation:
            drug = _told("formulation", drug=drug, formulation=of_words(step.formulation))
        if step.product:
            drug = joined([drug, of_text(step.product.say)])
        lines = dosages(self.plan, supply, strength)
        made: Json = {
            "resourceType": "MedicationRequest",
            "id": self.name(f"supply/{supply.number}/{strength}"),
            "text": narrative(self.head, joined([drug, joined([line["text"] for line in lines], "; ")], ". ")),
            "status": "draft",
            "intent": "proposal",
            "medicationCodeableConcept": {
                "coding": [{"system": RXNORM, "code": code, "display": "isotretinoin"} for code in self.rxnorm],
                "text": drug,
            },
            "subject": self.subject,
            "authoredOn": self.stamp,
            "groupIdentifier": {"value": f"{self.plan.key}-supply-{supply.number}"},
            "note": [{"text": text} for text in self._of_supply(supply, strength)],
            "dosageInstruction": lines,
            "dispenseRequest": {
                "validityPeriod": {"start": iso(supply.day)},
                "numberOfRepeatsAllowed": 0,
                "quantity": {"value": count, "unit": "capsule", "system": UCUM, "code": CAPSULE},
                "expectedSupplyDuration": {
                    "value": supply.last - supply.first + 1,
                    "unit": "day",
                    "system": UCUM,
                    "code": "d",
                },
            },
        }
        if self.head:
            made["statusReason"] = {"text": self.head}
        return made

    def _of_supply(self, supply: Supply, strength: str) -> Iterator[str]:
        """What stands beside a proposal: what is open, which supply it is, and the other strengths that belong to it."""
        if self.head:
            yield self.head
        days = {"day": of_day(supply.day), "first": of_day(supply.first), "last": of_day(supply.last)}
        yield _told("supply", n=str(supply.number), **days)
        others = [_told("mg", mg=of_digits(decimal(mg))) for mg, _ in supply.capsules if decimal(mg) != strength]
        if others:
            yield _told("together", others=_all_of(others))


def period(first: int | None, last: int | None) -> Json:
    """Days from the first to the last, either of which may be open."""
    ends = {"start": first, "end": last}
    return {name: iso(day) for name, day in ends.items() if day is not None}


def _undated(entry: Entry) -> Sentence:
    return _waits(entry) if entry.depends_on else _told("no_period")


def _waits(entry: Entry) -> Sentence:
    return sentence(DEPENDS, what=_all_of(entry.depends_on))


def _all_of(parts: Sequence[str]) -> str:
    """One and another."""
    return reduce(lambda one, other: sentence(BOTH, one=one, other=other), parts[1:], parts[0])


def _told(name: str, /, **parts: str | int) -> Sentence:
    return sentence(FIXED[f"proposal.{name}"], **parts)


def narrative(head: str, said: str) -> Json:
    """The text of a resource for people: what is open first."""

    def div(w: Wording | None) -> str:
        told = [part if w is None else in_language(part, w) for part in (head, said) if part]
        language = "en" if w is None else w.language
        parts = "".join(f"<p>{escape(part)}</p>" for part in told)
        return f'<div xmlns="http://www.w3.org/1999/xhtml" lang="{language}" xml:lang="{language}">{parts}</div>'

    return {"status": "generated", "div": Sentence(div(None), div)}


def _in_language(node: object, w: Wording) -> object:
    """The same with every sentence of ours told in a language, and each resource saying which."""
    if isinstance(node, dict):
        told = {name: _in_language(each, w) for name, each in node.items()}
        return {**told, "language": w.language} if "text" in node and "resourceType" in node else told
    if isinstance(node, list):
        return [_in_language(each, w) for each in node]
    return str(in_language(node, w)) if isinstance(node, str) else node
