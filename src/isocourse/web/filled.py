"""A filled-in form becomes a record of the documented form, which the one reader of records then reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from isocourse.facts.days import parse_span
from isocourse.web.fields import LISTS, Field, Section
from isocourse.web.speech import NotUnderstoodError, Speech

ORDER = ("state", "day", "dose", "times_a_day", "strength", "capsules", "repeats", "days", "reason", "formulation")
OF_CAPSULES = (
    "dispensed_on",
    *(f"dispensed.{key}" for key in ("product", "strength", "packs", "pack", "capsules", "days")),
)
"""The fields of capsules that were handed out, in a visit and by themselves."""
FIXED = (
    "visit",
    "birth",
    "recorded_gender",
    "sex_at_birth",
    "jurisdiction",
    "product",
    "first_dose",
    "last_dose",
    *OF_CAPSULES,
    *(f"order.{key}" for key in ORDER),
    *(f"complete.{name}" for name in LISTS),
    *(f"more.{name}" for name in LISTS),
)
"""The fields that every form has."""
NOT_KNOWN, NOT_ASKED = "unknown", ""


@dataclass(slots=True)
class Filled:
    """What came of a form."""

    record: dict[str, object] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    """By field, what is to be corrected."""

    @property
    def text(self) -> str:
        """The record as written."""
        return json.dumps(self.record, ensure_ascii=False, indent=1)


def names_of(sections: tuple[Section, ...]) -> list[str]:
    """Every name that a form may hold."""
    found = list(FIXED)
    for section in sections:
        for each in section.fields:
            found += [each.name, *(f"{each.name}~{part}" for part in ("day", "known", "unit", "upper"))]
            found += [f"{each.name}~{part.name}" for part in each.parts]
    return found


def record_from(
    sections: tuple[Section, ...],
    given: Mapping[str, str],
    speech: Speech,
    strengths: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> Filled:
    """The record that a form stands for; what is left empty is not known and does not stand in it.

    Args:
        sections: the fields that the form has.
        given: what was filled in.
        speech: the language in which numbers and days were written.
        strengths: by product, the strengths in mg that its capsules have, where they are known.
    """
    return _Filling(sections, given, speech, strengths).all()


class _Filling:
    """Fills one record and gathers what is to be corrected."""

    def __init__(
        self,
        sections: tuple[Section, ...],
        given: Mapping[str, str],
        speech: Speech,
        strengths: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.sections, self.speech, self.strengths, self.done = sections, speech, strengths, Filled()
        self.given = {name: text.strip() for name, text in given.items()}
        self.visit = self.day("visit")

    def all(self) -> Filled:
        record = self.done.record
        record["isocourse"] = "1"
        record["patient"] = self.some(
            {"birth": self.day("birth"), **{key: self.text(key) for key in ("recorded_gender", "sex_at_birth")}}
        )
        record.update(self.some({key: self.text(key) for key in ("jurisdiction", "product")}))
        doses = self.handed_out()
        dates = ("first_dose", "last_dose") if doses else ("first_dose", "last_dose", "dispensed_on")
        if course := self.some({key: self.day(key) for key in dates}):
            record["course"] = course
        if doses:
            record["doses"] = [doses]
        if order := self.order():
            record["orders"] = [order]
        fields = [each for section in self.sections for each in section.fields]
        record["events"] = [event for each in fields if each.kind != "item" and (event := self.event(each))]
        record["lists"] = [
            *(entry for each in fields if each.kind == "item" and (entry := self.item(each))),
            *self.more(),
        ]
        if coverage := self.coverage():
            record["coverage"] = coverage
        return self.done

    def text(self, name: str) -> str:
        return self.given.get(name, "")

    def some(self, found: dict[str, str]) -> dict[str, str]:
        return {key: text for key, text in found.items() if text}

    def read(self, name: str, how: Callable[[str], str]) -> str:
        try:
            return how(self.text(name))
        except NotUnderstoodError as problem:
            self.done.wrong[name] = str(problem)
            return ""

    def day(self, name: str) -> str:
        said = self.read(name, self.speech.read_day)
        try:
            if said:
                parse_span(said)
        except ValueError:
            self.done.wrong[name] = self.speech("there is no such day; write year, month, day, such as 2026-03-02")
            return ""
        return said

    def number(self, name: str) -> str:
        return self.read(name, self.speech.read_number)

    def order(self) -> dict[str, str]:
        if not self.text("order.state"):
            if any(self.text(f"order.{key}") for key in ("dose", "strength", "capsules")):
                self.done.wrong["order.state"] = self.speech("say whether the order is a draft, active or ended")
            return {}
        found = {key: self.text(f"order.{key}") for key in ("state", "reason", "formulation")}
        found |= {key: self.number(f"order.{key}") for key in ("times_a_day", "capsules", "repeats", "days")}
        found |= {
            key: f"{digits} mg" if (digits := self.number(f"order.{key}")) else "" for key in ("dose", "strength")
        }
        return self.some(found | {"day": self.day("order.day")})

    def handed_out(self) -> dict[str, str]:
        """Capsules handed out: which, how many, on which day."""
        found = {key: self.number(f"dispensed.{key}") for key in ("strength", "days")}
        found |= {"capsules": self.capsules(), "product": self.text("dispensed.product")}
        if not any(found.values()):
            return {}
        found["dispensed"] = self.day("dispensed_on") or self.visit
        for key in ("strength", "capsules"):
            if not found[key]:
                self.done.wrong.setdefault(
                    f"dispensed.{key}",
                    self.speech("capsules that were handed out need their strength and their number"),
                )
        self.of_product(found["product"], found["strength"])
        return self.some(found | {"strength": f"{found['strength']} mg" if found["strength"] else ""})

    def capsules(self) -> str:
        """How many capsules, said at once or as packs of so many; both only where they agree."""
        packs, pack, said = (self.number(f"dispensed.{key}") for key in ("packs", "pack", "capsules"))
        if not packs and not pack:
            return said
        if not (packs.isdigit() and pack.isdigit()):
            self.done.wrong.setdefault(
                "dispensed.packs", self.speech("write whole packs, and how many capsules are in one")
            )
            return said
        counted = str(int(packs) * int(pack))
        if said and said != counted:
            line = self.speech("the packs hold {n} capsules together; correct the one or the other", n=counted)
            self.done.wrong.setdefault("dispensed.capsules", line)
        return counted

    def of_product(self, product: str, strength: str) -> None:
        """Whether the product has capsules of this strength, where its strengths are known."""
        known = self.strengths.get(product, ())
        if product and product not in self.strengths:
            self.done.wrong["dispensed.product"] = self.speech("this product is not known here; leave it open")
        elif strength and known and Fraction(strength) not in map(Fraction, known):
            line = self.speech(
                "{product} has capsules of {strengths} mg; correct the strength, or leave the product open",
                product=product,
                strengths=", ".join(map(self.speech.number, known)),
            )
            self.done.wrong.setdefault("dispensed.strength", line)

    def event(self, each: Field) -> dict[str, str] | None:
        value = self.number(each.name) if each.kind == "quantity" else self.text(each.name)
        if each.kind == "date":
            value = self.day(each.name)
        if value in (NOT_ASKED, NOT_KNOWN):
            return None
        day = self.day(f"{each.name}~day") or self.visit
        found = {"stream": each.stream, "value": value, "day": day}
        if each.kind == "quantity":
            unit = self.unit(each)
            found["value"] = f"{value} {unit}".strip()
            upper = self.number(f"{each.name}~upper")
            found["upper_limit"] = f"{upper} {unit}".strip() if upper else ""
            found["known"] = self.day(f"{each.name}~known")
            if each.when and not self.text(f"{each.name}~day"):
                self.done.wrong[f"{each.name}~day"] = self.speech("a result needs the day of its sample")
        found |= {part.name: self.text(f"{each.name}~{part.name}") for part in each.parts}
        return self.some(found)

    def unit(self, each: Field) -> str:
        unit = self.text(f"{each.name}~unit") or (each.units[0] if len(each.units) == 1 else "")
        if not unit and each.units:
            self.done.wrong[f"{each.name}~unit"] = self.speech("choose the unit that is printed beside the result")
        return unit

    def item(self, each: Field) -> dict[str, str] | None:
        said = self.text(each.name)
        if said == NOT_ASKED:
            return None
        found = {"list": each.stream, "item": each.values[0], "is": said}
        return self.some(found | ({"from": since} if (since := self.day(f"{each.name}~day")) else {"day": self.visit}))

    def more(self) -> list[dict[str, str]]:
        """Further entries of the lists, one a line, in plain words; and that a list holds nothing else."""
        found = []
        for name in LISTS:
            lines = [line.strip() for line in self.text(f"more.{name}").splitlines()]
            found += [self.some({"list": name, "item": line, "is": "yes", "day": self.visit}) for line in lines if line]
            said = [text for key, text in self.given.items() if key.startswith(f"l.{name}.") and "~" not in key]
            if (
                self.text(f"complete.{name}") == "yes"
                and "yes" not in said
                and not any(lines)
                and NOT_KNOWN not in said
            ):
                found.append(self.some({"list": name, "item": "*", "is": "no", "day": self.visit}))
        return found

    def coverage(self) -> list[dict[str, str]]:
        birth = self.text("birth")
        return [
            {"stream": name, "from": birth or "1900-01-01", "to": self.visit, "by": "asked at the visit"}
            for name in LISTS
            if self.text(f"complete.{name}") == "yes" and self.visit
        ]
