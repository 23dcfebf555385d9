"""A plan as FHIR R4: a proposed care plan with its duties, one proposed prescription for each supply and strength, proposed tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import Any
from uuid import UUID, uuid5

from isocourse.course.calendar import Entry
from isocourse.course.heading import conditions, held_up, of_supply
from isocourse.course.plan import Plan, Supply
from isocourse.decisions.tables import words
from isocourse.facts.days import iso, show
from isocourse.fhir.proposed_dosage import CAPSULE, UCUM, dosages
from isocourse.logic.truth import Truth
from isocourse.logic.units import decimal

Json = dict[str, Any]
SPACE = UUID("6f1c5e0e-5a49-5c3e-9a4e-0d6a1b7e5d21")
"""The namespace of our identifiers: the same plan gives the same ones."""
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
FORCE = {"must": "must", "should": "should", "may": "may", "none": "no force"}


def care_plan(plan: Plan, stamp: datetime, subject: str = "") -> Json:
    """A bundle of proposals, none of them an order.

    Args:
        plan: the plan.
        stamp: when it is made, with its offset from UTC.
        subject: a reference such as `Patient/12`; without one the resources name the patient by age and sex only.

    Raises:
        ValueError: the stamp has no offset.
    """
    if stamp.tzinfo is None:
        raise ValueError("the stamp of a bundle needs an offset from UTC")
    whose = {"reference": subject} if subject else {"display": "the patient of this record"}
    made = _Made(plan, stamp.isoformat(timespec="seconds"), whose)
    orders = list(made.prescriptions())
    tests = list(made.tests())
    resources = [made.plan_itself(orders, tests), *orders, *tests]
    return {
        "resourceType": "Bundle",
        "id": made.name("bundle"),
        "type": "collection",
        "timestamp": made.stamp,
        "entry": [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources],
    }


class _Made:
    """One plan being written."""

    def __init__(self, plan: Plan, stamp: str, subject: Json) -> None:
        self.plan, self.stamp, self.subject = plan, stamp, subject
        self.head = str(held_up(plan))
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
        title = "Course of oral isotretinoin"
        made: Json = {
            "resourceType": "CarePlan",
            "id": self.name("plan"),
            "text": narrative(self.head, title),
            "status": "draft",
            "intent": "proposal",
            "title": title,
            "description": self.head or "Nothing open was found against it; see the notes for what that rests on.",
            "subject": self.subject,
            "created": self.stamp,
            "note": [{"text": str(text)} for text in self._notes()],
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
            yield f"Not until: {condition.line}"
        if self.governing:
            for edition in self.governing:
                yield f"Governing protocol: {words(edition.title)}, edition {edition.edition} ({edition.key})."
        else:
            yield "No governing protocol is known or read, and none takes its place: no duty is proposed."
        if self.plan.end is not None and not self.plan.end_sure and not self.plan.withheld:
            yield f"Drawn to {show(self.plan.end)}; the course need not end then."
        if self.plan.steps and not self.plan.withheld and not any(each.capsules for each in self.plan.supplies):
            yield "No prescription is proposed: no capsules are laid out for the dose that was asked."
        yield from self.plan.notes
        yield "Made by Isocourse as a proposal for clinicians, who can see the basis of every answer. It orders nothing."

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
            "code": {"text": words(entry.point.say_of(duty.what))},
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
        sure = "" if entry.applies is Truth.YES else "; whether it applies then is not sure today"
        waits = f"; depends on {' and '.join(entry.depends_on)}" if entry.depends_on else ""
        own = f"{words(entry.edition.short)} ({entry.edition.key}), {FORCE[entry.row.force]}"
        told = f"{own}; the source counts: {entry.counted}{waits}{sure}"
        marks = "".join(f"; {mark}" for mark in entry.marks)
        return f"{self.head}. {told}{marks}" if self.head else f"{told}{marks}"

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
        said = words(entry.point.say_of(duty.what))
        made: Json = {
            "resourceType": "ServiceRequest",
            "id": self.name(f"test/{entry.uid}"),
            "text": narrative(self.head, f"{said}: {self._about(entry)}"),
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
            made["note"].append({"text": f"No day yet: {_undated(entry)}."})
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
        product = f", {words(step.product.say)}" if step.product else ""
        formulation = f" ({step.formulation})" if step.formulation else ""
        drug = f"isotretinoin {strength} mg oral capsule{formulation}{product}"
        lines = dosages(self.plan, supply, strength)
        made: Json = {
            "resourceType": "MedicationRequest",
            "id": self.name(f"supply/{supply.number}/{strength}"),
            "text": narrative(self.head, f"{drug}. {'; '.join(line['text'] for line in lines)}"),
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
        yield f"Supply {supply.number}, planned for {show(supply.day)}, for {show(supply.first)} to {show(supply.last)}."
        others = [f"{decimal(mg)} mg" for mg, _ in supply.capsules if decimal(mg) != strength]
        if others:
            yield f"Only together with the capsules of {' and '.join(others)} of the same supply: neither is the dose by itself."


def period(first: int | None, last: int | None) -> Json:
    """Days from the first to the last, either of which may be open."""
    ends = {"start": first, "end": last}
    return {name: iso(day) for name, day in ends.items() if day is not None}


def _undated(entry: Entry) -> str:
    return f"depends on {' and '.join(entry.depends_on)}" if entry.depends_on else "the source states no period"


def narrative(head: str, said: str) -> Json:
    """The text of a resource for people: what is open first."""
    parts = "".join(f"<p>{escape(part)}</p>" for part in (head, said) if part)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{parts}</div>'}
