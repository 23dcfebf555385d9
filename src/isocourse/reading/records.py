"""Reads the native record: one strict, documented schema in YAML or JSON (docs/guide/records.md).

A file that does not have the schema's shape is refused. A value that cannot be believed becomes a Problem and the rest is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from isocourse.decisions.sentence import of_day
from isocourse.facts.believe import LEFT_OUT, believe, name_of
from isocourse.facts.contradictions import contradictions
from isocourse.facts.days import FIRST_DAY, LAST_DAY, Span, parse_span, reason_of
from isocourse.facts.frames import codes, near, near_entry, said
from isocourse.facts.orders import Amounts, Script, order_of
from isocourse.facts.problem import Problem
from isocourse.facts.record import Coverage, DoseEntry, Event, Order, Part, Quantity, Record, Unjudged
from isocourse.facts.refused import Refused, overshadow
from isocourse.facts.sentence import Sentence, joined, of_words
from isocourse.facts.streams import Attribute, Catalogue, Stream
from isocourse.facts.wording import Wording
from isocourse.logic.truth import Truth
from isocourse.reading.doses import DoseReader, milligrams, plan_of
from isocourse.reading.forms import Form
from isocourse.reading.yaml_text import Map, Node, Seq, Text

VERSION = "1"
LISTS = ("drugs", "conditions", "allergies", "methods", "procedures", "symptoms")
MOST = {"times_a_day": 24, "capsules": 3000, "repeats": 99, "days": 3650}
"""The most that an order may say; more is refused: the width of the facts that hold them (knowledge/facts/course.yaml)."""

COURSE = ("first_dose", "last_dose", "dispensed_on")

_NUMBER = r"[+-]?\w+(?:\.\w+)?"
_VALUE = re.compile(rf"(<=|>=|<|>)?\s*({_NUMBER})(?:\s*\.\.\s*({_NUMBER}))?(?:\s+(\S.*))?")


def node_of(document: Any) -> Node:  # noqa: ANN401 - parsed JSON
    """Parsed JSON as the same nodes that YAML gives; every scalar as text."""
    if isinstance(document, Mapping):
        return Map(
            {str(key): node_of(value) for key, value in document.items()}, 0, 0, {str(key): (0, 0) for key in document}
        )
    if isinstance(document, list | tuple):
        return Seq([node_of(each) for each in document], 0, 0)
    words = {True: "true", False: "false", None: "null"}
    return Text(words[document] if document is None or isinstance(document, bool) else str(document), 0, 0)


def record_of(root: Node, path: str, catalogue: Catalogue, as_of: int) -> Record:
    """The record of a native file.

    Raises:
        ReadError: the file has not the schema's shape: a key that is misspelt, missing or doubled, a list where a text belongs.
    """
    return _Reader(path, catalogue, as_of).record(root)


class _Reader:
    """Reads one file and gathers its problems."""

    def __init__(self, path: str, catalogue: Catalogue, as_of: int) -> None:
        self.path, self.catalogue, self.as_of = path, catalogue, as_of
        self.problems: list[Problem] = []
        self.unjudged: list[Unjudged] = []
        self.refused: list[Refused] = []

    def record(self, root: Node) -> Record:
        form = Form(
            root,
            self.path,
            "a record",
            required=("isocourse", "patient"),
            optional=(
                "jurisdiction",
                "product",
                "course",
                "orders",
                "doses",
                "events",
                "lists",
                "coverage",
                "facts",
                "plan",
                "note",
            ),
        )
        if form.text("isocourse") != VERSION:
            raise form.fail(form.get("isocourse"), said("form.version", text=form.text("isocourse"), version=VERSION))
        birth, sexes = self.patient(form)
        events = [
            *sexes,
            *self.course(form),
            *(event for node in form.list_of("events") if (event := self.event(node))),
            *(event for node in form.list_of("lists") if (event := self.item(node))),
        ]
        orders = tuple(self.order(node, place) for place, node in enumerate(form.list_of("orders"), 1))
        doses, handings = self.doses(form)
        events += handings
        coverage = tuple(
            self.since_birth(found, birth) for node in form.list_of("coverage") if (found := self.coverage(node))
        )
        self.problems.extend(contradictions(events, self.catalogue))
        events.extend(overshadow(events, self.refused, self.catalogue))
        counts = {
            "events": len(form.list_of("events")),
            "list entries": len(form.list_of("lists")),
            "orders": len(orders),
        }
        if form.has("doses"):
            counts["dose entries"] = len(form.list_of("doses"))
        plan = plan_of(form, self.problems)
        return Record(
            birth,
            False,
            tuple(events),
            orders,
            coverage,
            tuple(self.unjudged),
            tuple(self.problems),
            form.text("jurisdiction", ""),
            form.text("product", ""),
            "native",
            counts,
            tuple((name, form.as_text(node)) for name, node in form.pairs("facts")),
            doses,
            plan,
        )

    def doses(self, form: Form) -> tuple[tuple[DoseEntry, ...], list[Event]]:
        """What was prescribed, handed out and taken, beside the orders; and the days on which capsules were handed out."""
        reader = DoseReader(self.path, self.as_of, self.problems)
        read = [reader.entry(node, place) for place, node in enumerate(form.list_of("doses"), 1)]
        return tuple(entry for entry in read if entry is not None), reader.handings

    def patient(self, form: Form) -> tuple[Span | None, list[Event]]:
        inner = Form(
            form.get("patient"),
            self.path,
            "the patient",
            optional=("birth", "recorded_gender", "sex_at_birth", "time_zone", "note"),
        )
        birth = self.span(inner, "birth", "patient.birth") if inner.has("birth") else None
        events = []
        for stream in ("recorded_gender", "sex_at_birth"):
            if inner.has(stream):
                events.extend(self.coded_fact(stream, inner.text(stream)))
        return birth, events

    def coded_fact(self, stream: str, text: str) -> list[Event]:
        values = self.catalogue.by_name[stream].values
        if text not in values:
            self.problem(
                f"patient.{stream}",
                f'"{text}"',
                codes(values),
                "write one of them",
                LEFT_OUT(name_of(self.catalogue.by_name[stream])),
            )
            return []
        return [Event(stream, (text,), Span(FIRST_DAY, self.as_of), None, f"patient.{stream}", text)]

    def course(self, form: Form) -> list[Event]:
        if not form.has("course"):
            return []
        inner = Form(form.get("course"), self.path, "the course", optional=(*COURSE, "note"))
        events = []
        for name in COURSE:
            if inner.has(name) and (span := self.span(inner, name, f"course.{name}")):
                events.append(Event(name, span, span, None, f"course.{name}", inner.text(name)))
        return events

    # dates -------------------------------------------------------------------------------------------------------------
    def span(self, form: Form, key: str, where: str) -> Span | None:
        """The days a date may be, or a Problem."""
        try:
            span = parse_span(form.text(key))
        except ValueError as problem:
            self.problem(
                where,
                reason_of(problem),
                "a date such as 2026-03-02, 2026-03 or 2026",
                "correct the date",
                "Its day counts as not known.",
            )
            return None
        if span.first > self.as_of and key not in ("first_dose", "last_dose", "until", "to"):
            self.problem(
                where,
                said("date.after", what=form.text(key), day=of_day(self.as_of)),
                "a day up to then",
                "check the date",
                "Its day counts as not known.",
            )
            return None
        return span

    def problem(self, where: str, found: str, expected: str, do: str, now: str, *, left_out: bool = True) -> None:
        """Notes something that could not be used."""
        self.problems.append(Problem(where, found, expected, do, now, left_out))

    def happened(self, form: Form, key: str, where: str) -> tuple[Span, Span | None]:
        """When it happened and when it was known; a date that cannot be used leaves every day up to now."""
        known = self.span(form, "known", where) if form.has("known") else None
        day = self.span(form, key, where) if form.has(key) else None
        return day or Span(FIRST_DAY, known.last if known else self.as_of), known

    def unusable(self, form: Form, *keys: str) -> bool:
        """Whether one of the dates given is no date, or lies in the future."""
        for key in keys:
            try:
                if parse_span(form.text(key, "2000")).first > self.as_of:
                    return True
            except ValueError:
                return True
        return False

    # events ------------------------------------------------------------------------------------------------------------
    def event(self, node: Node) -> Event | None:
        extra = tuple(node.entries) if isinstance(node, Map) else ()
        form = Form(node, self.path, "an event", required=("stream", "value"), optional=extra)
        name = form.text("stream")
        stream = self.catalogue.by_name.get(name)
        if stream is None or name in COURSE:
            raise form.fail(form.get("stream"), near(said("form.no_stream", name=name), name, self.catalogue.by_name))
        known = ("stream", "value", "day", "known", "note", *(attribute.name for attribute in stream.attributes))
        Form(node, self.path, said("form.an_event_of", name=name), optional=known)
        where = self.place(node, name)
        when = self.happened(form, "day", where)
        value = self.value(stream, form.text("value"), where)
        if value is None or self.unusable(form, "day", "known"):
            self.refused.append(Refused(name, when[0], when[1], where, form.text("value")[:60]))
            return None
        parts: dict[str, Part] = {}
        for attribute in stream.attributes:
            if (
                form.has(attribute.name)
                and (part := self.part(attribute, form.text(attribute.name), where)) is not None
            ):
                parts[attribute.name] = part
        shown = form.text("value")
        if form.has("upper_limit"):
            shown = said("value.with_limit", value=shown, limit=form.text("upper_limit"))
        return Event(name, value, when[0], when[1], where, shown, parts=parts)

    def place(self, node: Node, name: str) -> str:
        return f"line {node.line}: {name}" if node.line else name

    def value(self, stream: Stream, text: str, where: str) -> Part | None:
        if stream.kind == "quantity":
            return self.quantity(stream, text, where)
        if stream.kind == "coded":
            if text in stream.values:
                return (text,)
            self.problem(
                where,
                f'"{text}"',
                codes(stream.values),
                "write one of them",
                LEFT_OUT(name_of(stream)),
            )
            return None
        if stream.kind == "date":
            return self.date(text, where, name_of(stream))
        return self.yes_no(text, where, name_of(stream))

    def date(self, text: str, where: str, name: str) -> Span | None:
        try:
            return parse_span(text)
        except ValueError as problem:
            expected = "a date such as 2026-03-02, 2026-03 or 2026"
            self.problem(where, reason_of(problem), expected, "correct the date", LEFT_OUT(name))
            return None

    def part(self, attribute: Attribute, text: str, where: str) -> Part | None:
        if attribute.kind == "quantity":
            return self.quantity(attribute, text, where)
        if attribute.kind == "yes_no":
            return self.yes_no(text, where, name_of(attribute))
        if text in attribute.values:
            return (text,)
        self.problem(
            where,
            f'{attribute.name} "{text}"',
            codes(attribute.values),
            "write one of them",
            LEFT_OUT(name_of(attribute)),
        )
        return None

    def yes_no(self, text: str, where: str, name: str) -> Truth | None:
        if text in ("yes", "no"):
            return Truth.of(text == "yes")
        self.problem(where, f'"{text}"', "yes or no", "write yes or no", LEFT_OUT(name))
        return None

    def quantity(self, stream: Stream | Attribute, text: str, where: str) -> Quantity | None:
        match = _VALUE.fullmatch(text.strip())
        if not match:
            self.problem(
                where,
                f'"{text[:60]}"',
                said("expected.quantity", unit=stream.unit or said("expected.no_unit")),
                "write it out",
                LEFT_OUT(name_of(stream)),
            )
            return None
        comparator, low, high, unit = match[1] or "", match[2], match[3], (match[4] or "").strip()
        found = believe(stream, low, unit, where, comparator=comparator)
        other = believe(stream, high, unit, where) if high else found
        for each in (found, other):
            if isinstance(each, Problem):
                self.problems.append(each)
                return None
        assert isinstance(found, Quantity)
        assert isinstance(other, Quantity)
        if found.low > other.high:
            self.problem(
                where, said("value.backwards", text=text), "low..high", "turn it round", LEFT_OUT(name_of(stream))
            )
            return None
        return Quantity(found.low, other.high, found.unit, found.slack)

    # lists ---------------------------------------------------------------------------------------------------------------
    def item(self, node: Node) -> Event | None:
        form = Form(
            node,
            self.path,
            "a list entry",
            required=("list", "item", "is"),
            optional=("from", "until", "day", "known", "note"),
        )
        name, item = form.one_of("list", LISTS), form.text("item")
        vocabulary = self.catalogue.vocabulary(name)
        where = self.place(node, f"{name} {item}")
        truth = {"yes": Truth.YES, "no": Truth.NO, "unknown": Truth.UNKNOWN}[
            form.one_of("is", ("yes", "no", "unknown"))
        ]
        if item != "*" and not vocabulary.kind_known(item):
            found = self.catalogue.item_of_text(name, item)
            if found is None:
                taken = self.in_another_list(name, item, truth, where)
                if taken is None:
                    return None
                name, item = taken
            else:
                item = found.name
        when = self.happened(form, "from" if form.has("from") else "day", where)
        until = self.span(form, "until", where) if form.has("until") else None
        state = "ended" if until is not None and until.last < self.as_of else "current"
        shown = f"{'no ' if truth is Truth.NO else ''}{'entries' if item == '*' else item.replace('_', ' ')}"
        return Event(name, truth, when[0], when[1], where, shown, item, until, state)

    def in_another_list(self, name: str, text: str, truth: Truth, where: str) -> tuple[str, str] | None:
        """The list and the item, where a sign stands among the conditions or the other way round; else a Problem or an unjudged entry.

        What the entry says to be there is taken over; a "no" in the wrong list, and what only its list gives a meaning (an allergy to a
        drug is no drug taken), is left out.
        """
        held = [(other, found) for other in LISTS if other != name and (found := self.named(other, text))]
        if not held:
            why = near_entry(said("list.no_entry"), text, self.catalogue.vocabulary(name).kinds())
            self.unjudged.append(Unjudged(name, text, where, why))
            return None
        ((other, item), *_) = held
        alike = {name, other} <= {"conditions", "symptoms"} and truth is not Truth.NO
        now = said("now.taken_over", other=of_words(other)) if alike else said("now.no_no", name=of_words(name))
        lists = codes(f"list: {each}" for each, _ in held)
        self.problem(
            where,
            said("list.unknown", text=text, name=of_words(name)),
            lists,
            "correct the list",
            now,
            left_out=not alike,
        )
        if alike:
            return other, item
        self.unjudged.append(Unjudged(name, text, where, said("list.known_in", other=of_words(other))))
        return None

    def named(self, name: str, text: str) -> str:
        """The item or class of a list that a text names, or nothing."""
        if self.catalogue.vocabulary(name).kind_known(text):
            return text
        found = self.catalogue.item_of_text(name, text)
        return found.name if found else ""

    def coverage(self, node: Node) -> Coverage | None:
        form = Form(node, self.path, "a coverage entry", required=("stream", "from", "to", "by"), optional=("note",))
        name, known = form.text("stream"), (*self.catalogue.by_name, *LISTS)
        if name not in known:
            raise form.fail(form.get("stream"), near(said("form.no_stream_or_list", name=name), name, known))
        first, last = self.span(form, "from", "coverage"), self.span(form, "to", "coverage")
        if first is None or last is None:
            return None
        if last.first < first.last:
            self.problem(
                self.place(node, "coverage"),
                "it ends before it begins",
                "from an earlier to a later day",
                "correct it",
                "It was left out.",
            )
            return None
        return Coverage(name, first.last, min(last.first, LAST_DAY), form.text("by"))

    def since_birth(self, coverage: Coverage, birth: Span | None) -> Coverage:
        """A stream that is complete from birth is complete from the beginning."""
        return replace(coverage, first=FIRST_DAY) if birth and coverage.first <= birth.last else coverage

    # orders --------------------------------------------------------------------------------------------------------------
    def order(self, node: Node, place: int) -> Order:
        form = Form(
            node,
            self.path,
            "an order",
            required=("state",),
            optional=(
                "day",
                "dose",
                "daily_dose",
                "times_a_day",
                "strength",
                "capsules",
                "repeats",
                "days",
                "reason",
                "formulation",
                "product",
                "note",
            ),
        )
        where = f"order {place}"
        day = self.span(form, "day", where) if form.has("day") else None
        state = form.one_of("state", ("draft", "active", "ended"))
        strengths = self.milligrams(form, "strength", where)
        script = Script(
            where,
            self.order_words(form),
            day,
            state,
            self.milligrams(form, "dose", where),
            None,
            self.milligrams(form, "daily_dose", where),
            self.plain(form, "times_a_day", where),
            (strengths[0],) if strengths else (),
            self.whole(form, "capsules", where),
            self.whole(form, "repeats", where),
            self.whole(form, "days", where),
            form.text("reason", ""),
            self.reason(form),
            (form.one_of("formulation", ("conventional", "lidose", "micronised")),) if form.has("formulation") else (),
            form.text("product", ""),
        )
        return order_of(script, self.as_of)

    def order_words(self, form: Form) -> str:
        told: list[str] = [of_words("isotretinoin")]
        if form.has("strength"):
            told.append(said("order.of_strength", strength=_amount_words(form.text("strength"))))
        if form.has("daily_dose"):
            dose = _amount_words(form.text("daily_dose").removesuffix("/day"))
            told.append(said("order.per_day", dose=dose))
        elif form.has("dose"):
            times, dose = form.text("times_a_day", ""), _amount_words(form.text("dose"))
            told.append(said("order.times", dose=dose, times=_times(times)) if times else dose)
        told.extend(said(f"order.{key}", n=form.text(key)) for key in ("capsules", "repeats") if form.has(key))
        return joined(told)

    def reason(self, form: Form) -> Truth:
        if not form.has("reason"):
            return Truth.UNKNOWN
        found = self.catalogue.item_of_text("conditions", form.text("reason"))
        if "acne" in form.text("reason").lower().replace(",", " ").split():
            return Truth.YES
        return Truth.UNKNOWN if found is None else Truth.of("acne" in found.kinds)

    def milligrams(self, form: Form, key: str, where: str) -> Amounts | None:
        if not form.has(key):
            return None
        text = form.text(key)
        ends = milligrams(text, ("mg", "mg/day") if key == "daily_dose" else ("mg",))
        if ends is None:
            self.problem(
                f"{where}: {key}",
                f'"{text}"',
                "milligrams, such as 20 mg",
                "check the amount and its unit",
                "It was left out.",
            )
        return ends

    def plain(self, form: Form, key: str, where: str) -> Amounts | None:
        number = self.whole(form, key, where)
        return None if number is None else (Fraction(number), Fraction(number))

    def whole(self, form: Form, key: str, where: str) -> int | None:
        if not form.has(key):
            return None
        text = form.text(key)
        if not (text.isascii() and text.isdigit()) or len(text) > 5 or int(text) > MOST[key]:
            expected = said("expected.whole", most=str(MOST[key]))
            self.problem(f"{where}: {key}", f'"{text}"', expected, "write a whole number", "It was left out.")
            return None
        return int(text)


def _amount_words(text: str) -> Sentence:
    """An amount as it was written; in another language with that language's decimals and unit."""
    digits, _, unit = text.partition(" ")

    def told(w: Wording) -> str:
        number = w.number(digits) if digits.replace(".", "", 1).isdigit() else digits
        return f"{number} {w(unit) if unit and w.translated(unit) else unit}".rstrip()

    return Sentence(text, told)


def _times(text: str) -> Sentence:
    fixed = {"1": "once daily", "2": "twice daily", "3": "three times daily"}.get(text)
    if fixed:
        return of_words(fixed)
    return said("order.times_daily", n=text if text.isdigit() else codes([text]))
