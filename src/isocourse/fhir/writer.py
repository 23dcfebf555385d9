"""A native record as a FHIR R4 Bundle, in the codes that we read; what FHIR has no place for is named, never dropped in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from msgspec import Struct, field

from isocourse.facts.streams import Catalogue, Coding, Stream
from isocourse.fhir.anonymous import text_of
from isocourse.fhir.strict_json import Digits

URIS = {
    "loinc": "http://loinc.org",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "snomed": "http://snomed.info/sct",
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "atc": "http://www.whocc.no/atc",
}
UCUM = "http://unitsofmeasure.org"
BIRTHSEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
STATUS = {"draft": "draft", "active": "active", "ended": "completed"}
VERIFIED = {"yes": "confirmed", "no": "refuted", "unknown": "unconfirmed"}
KEEPS = ("stream", "value", "day", "upper_limit", "note")
"""Parts of a result that an Observation carries."""

_AMOUNT = re.compile(r"(<=|>=|<|>)?\s*(\d+(?:\.\d+)?)(?:\s+(\S.*))?", re.ASCII)

Entry = Mapping[str, str]
Made = dict[str, object]


class Bundle(Struct, frozen=True):
    """The text, how many resources stand in it, and what does not."""

    text: str
    resources: int
    left_out: tuple[str, ...]


class _Maker(Struct):
    """Gathers resources and what was left out."""

    catalogue: Catalogue
    subject: Made
    made: list[Made] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)

    def leave(self, what: str) -> None:
        self.left_out[what] = self.left_out.get(what, 0) + 1

    def add(self, kind: str, **parts: object) -> None:
        told = {name: part for name, part in parts.items() if part not in (None, "", {}, [])}
        self.made.append({"resourceType": kind, "id": f"{kind.lower()}-{len(self.made) + 1}", **told})


def bundle_of(native: Mapping[str, object], catalogue: Catalogue, patient: str) -> Bundle:
    """The Bundle of one record.

    Args:
        native: the record, as docs/guide/records.md has it.
        catalogue: streams and vocabularies, for the codes.
        patient: the id under which the patient stands in it.
    """
    maker = _Maker(catalogue, {"reference": f"Patient/{patient}"})
    _person(maker, cast("Entry", native["patient"]), patient)
    for event in _entries(native, "events"):
        _event(maker, event)
    for item in _entries(native, "lists"):
        _item(maker, item)
    for order in _entries(native, "orders"):
        _order(maker, order)
    for part in ("course", "doses", "coverage", "facts", "plan"):
        for name in cast("Iterable[object]", native.get(part, ())):
            maker.leave(f"{part}: {name}" if isinstance(name, str) else part)
    for name in ("jurisdiction", "product"):
        if name in native:
            maker.leave(name)
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in maker.made]}
    told = tuple(f"{what}{f' ({count} times)' if count > 1 else ''}" for what, count in maker.left_out.items())
    return Bundle(text_of(bundle) + "\n", len(maker.made), told)


def _entries(native: Mapping[str, object], part: str) -> Sequence[Entry]:
    return cast("Sequence[Entry]", native.get(part, ()))


def _person(maker: _Maker, person: Entry, patient: str) -> None:
    made: Made = {"resourceType": "Patient", "id": patient}
    if "recorded_gender" in person:
        made["gender"] = person["recorded_gender"]
    if "birth" in person:
        made["birthDate"] = person["birth"]
    code = {"female": "F", "male": "M"}.get(person.get("sex_at_birth", ""))
    if code:
        made["extension"] = [{"url": BIRTHSEX, "valueCode": code}]
    elif "sex_at_birth" in person:
        maker.leave("sex at birth: other")
    maker.made.append(made)


# results ---------------------------------------------------------------------------------------------------------------------
def _event(maker: _Maker, event: Entry) -> None:
    stream = maker.catalogue.by_name[event["stream"]]
    value = _quantity(stream, event["value"]) if stream.kind == "quantity" else _coded(stream, event["value"])
    if value is None:
        maker.leave(f"{stream.name.replace('_', ' ')}: no code of ours for it, or for its unit")
        return
    limit = _amount(event.get("upper_limit", ""))
    maker.add(
        "Observation",
        status="final",
        subject=maker.subject,
        effectiveDateTime=event.get("day"),
        referenceRange=[{"high": limit[0]}] if limit else None,
        note=_note(event),
        **value,
    )
    for part in event:
        if part not in KEEPS:
            maker.leave(f"{stream.name.replace('_', ' ')}: {part.replace('_', ' ')}")


def _quantity(stream: Stream, written: str) -> Made | None:
    found = _amount(written)
    if found is None:
        return None
    quantity, unit = found
    coding = next((each for each in stream.codes if not each.unreadable and each.unit in ("", unit)), None)
    return None if coding is None else {"code": _concept(coding), "valueQuantity": quantity}


def _amount(written: str) -> tuple[Made, str] | None:
    match = _AMOUNT.fullmatch(written.strip())
    if not match:
        return None
    unit = (match[3] or "").strip()
    quantity: Made = {"value": Digits(match[2])}
    if match[1]:
        quantity["comparator"] = match[1]
    return quantity | ({"unit": unit, "system": UCUM, "code": unit} if unit else {}), unit


def _coded(stream: Stream, value: str) -> Made | None:
    coding = next((each for each in stream.codes if not each.unreadable), None)
    results = dict(stream.results).get(value, ())
    if coding is None or not results:
        return None
    return {"code": _concept(coding), "valueCodeableConcept": _concept(results[0])}


def _concept(coding: Coding, words: str = "") -> Made:
    return {"coding": [{"system": URIS[coding.system], "code": coding.code}], **({"text": words} if words else {})}


# lists -----------------------------------------------------------------------------------------------------------------------
def _item(maker: _Maker, entry: Entry) -> None:
    name, item, truth = entry["list"], entry["item"], entry["is"]
    coding = _item_code(maker.catalogue, name, item, truth)
    said = "yes" if item == "*" else truth
    if coding is None or (name == "methods" and coding.system in ("rxnorm", "atc")):
        maker.leave(f"{name}: {item.replace('_', ' ')}, {truth}")
        return
    begun, over, day = entry.get("from"), entry.get("until"), entry.get("day")
    verified = {"coding": [{"system": f"{TERMINOLOGY}condition-ver-status", "code": VERIFIED[said]}]}
    code, subject = _concept(coding, "" if item == "*" else item.replace("_", " ")), maker.subject
    if name == "allergies":
        verified["coding"][0]["system"] = f"{TERMINOLOGY}allergyintolerance-verification"
        maker.add(
            "AllergyIntolerance",
            code=code,
            patient=subject,
            verificationStatus=verified,
            onsetDateTime=begun,
            recordedDate=day,
        )
    elif name == "drugs":
        status = {"yes": "active", "no": "not-taken", "unknown": "unknown"}[said]
        period = {key: part for key, part in (("start", begun or day), ("end", over)) if part}
        maker.add(
            "MedicationStatement",
            status=status,
            medicationCodeableConcept=code,
            subject=subject,
            effectivePeriod=period,
        )
    elif name == "procedures" and item != "*":
        if truth == "unknown":
            maker.leave(f"{name}: {item.replace('_', ' ')}, {truth}")
            return
        status = {"yes": "completed", "no": "not-done"}[truth]
        maker.add("Procedure", status=status, code=code, subject=subject, performedDateTime=begun or day)
    else:
        maker.add(
            "Condition",
            code=code,
            subject=subject,
            verificationStatus=verified,
            onsetDateTime=begun or day,
            abatementDateTime=over,
        )


def _item_code(catalogue: Catalogue, name: str, item: str, truth: str) -> Coding | None:
    vocabulary = catalogue.vocabulary(name)
    if item == "*":
        return next(iter(dict(vocabulary.negations).get("*", ())), None) if truth == "no" else None
    found = next((each for each in (*vocabulary.items, *vocabulary.classes) if each.name == item), None)
    return next((each for each in found.codes if not each.prefix and each.system in URIS), None) if found else None


# orders ----------------------------------------------------------------------------------------------------------------------
def _order(maker: _Maker, order: Entry) -> None:
    dose = _amount(order.get("dose", ""))
    dosage: Made = {}
    if dose:
        dosage["doseAndRate"] = [{"doseQuantity": dose[0]}]
    if "times_a_day" in order:
        dosage["timing"] = {
            "repeat": {"frequency": Digits(order["times_a_day"]), "period": Digits("1"), "periodUnit": "d"}
        }
    supply: Made = {}
    if "capsules" in order:
        supply["quantity"] = {"value": Digits(order["capsules"]), "unit": "capsule"}
    if "repeats" in order:
        supply["numberOfRepeatsAllowed"] = Digits(order["repeats"])
    if "days" in order:
        supply["expectedSupplyDuration"] = {"value": Digits(order["days"]), "unit": "days", "system": UCUM, "code": "d"}
    coding, told = _product(maker.catalogue, order)
    maker.add(
        "MedicationRequest",
        status=STATUS[order["state"]],
        intent="order",
        medicationCodeableConcept=_concept(coding),
        subject=maker.subject,
        authoredOn=order.get("day"),
        dosageInstruction=[dosage] if dosage else None,
        dispenseRequest=supply,
        reasonCode=[{"text": order["reason"]}] if "reason" in order else None,
        note=_note(order),
    )
    for part in ("daily_dose", "strength", "formulation", "product"):
        if part in order and part not in told:
            maker.leave(f"order: {part.replace('_', ' ')} {order[part]}")


def _product(catalogue: Catalogue, order: Entry) -> tuple[Coding, tuple[str, ...]]:
    """The code of the product with that strength and formulation, else that of the ingredient; and what the code tells."""
    drug = next(each for each in catalogue.vocabulary("drugs").items if each.name == "isotretinoin")
    for code, strength, formulation in drug.products:
        if order.get("strength") == f"{strength} mg" and order.get("formulation", "conventional") == (
            formulation or "conventional"
        ):
            return Coding("rxnorm", code), ("strength", *(["formulation"] if formulation else []))
    return next(each for each in drug.codes if each.system == "rxnorm"), ()


def _note(entry: Entry) -> list[Made] | None:
    return [{"text": entry["note"]}] if "note" in entry else None
