"""Reads what was really prescribed, handed out and taken, and what is wanted of a plan, from a native record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from isocourse.decisions.sentence import of_day
from isocourse.facts.days import Span, parse_span, reason_of, show, show_span
from isocourse.facts.frames import codes, near, said
from isocourse.facts.orders import Amounts, handed_out
from isocourse.facts.problem import Problem
from isocourse.facts.record import DoseEntry, Event
from isocourse.facts.sentence import Sentence
from isocourse.logic.units import exact
from isocourse.reading.forms import Form
from isocourse.reading.yaml_text import Map, Node, Seq, Text

BASES = ("prescribed", "dispensed", "reported")
FORMULATIONS = ("conventional", "lidose", "micronised")

MOST_MG = 2000
"""The most mg of one dose or day; more is refused."""
MOST_CAPSULES, MOST_DAYS = 3000, 3650

ADHERENCE: dict[str, tuple[Fraction, Fraction, str]] = {
    "every day": (Fraction(1), Fraction(1), ""),
    "most days": (Fraction(1, 2), Fraction(1), '"most days" is more than half of them'),
    "half": (Fraction(1, 2), Fraction(1, 2), ""),
    "none": (Fraction(0), Fraction(0), ""),
}
"""Words for how much was taken: the least and the greatest share of days, and what is assumed. "More than half" is our assumption;
its end is closed, so that half itself stays possible."""

_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)(?:\s*\.\.\s*(\d{1,3}(?:\.\d{1,6})?))?\s*%", re.ASCII)


def milligrams(text: str, units: Iterable[str] = ("mg",)) -> Amounts | None:
    """An amount such as "20 mg" or "20..40 mg", from the least to the most; None if it is not that.

    >>> milligrams("20 mg"), milligrams("20 g")
    ((Fraction(20, 1), Fraction(20, 1)), None)
    """
    number, _, unit = text.partition(" ")
    low, _, high = number.partition("..")
    try:
        ends = (exact(low), exact(high or low))
    except ValueError:
        return None
    return ends if unit in units and 0 < ends[0] <= ends[1] <= MOST_MG else None


class DoseReader:
    """Reads dose entries and gathers what is wrong with them; an entry with a value that cannot be used is left out whole."""

    def __init__(self, path: str, as_of: int, problems: list[Problem]) -> None:
        self.path, self.as_of, self.problems = path, as_of, problems
        self.handings: list[Event] = []
        """The days on which capsules were handed out, as events."""

    def entry(self, node: Node, place: int) -> DoseEntry | None:
        """One entry of `doses:`, or None with a Problem.

        Raises:
            ReadError: a key is misspelt or missing.
        """
        if isinstance(node, Map) and "dispensed" in node.entries:
            return self._handed_out(node, f"dose {place}")
        return self._days(node, f"dose {place}")

    # days with a dose ----------------------------------------------------------------------------------------------------
    def _days(self, node: Node, where: str) -> DoseEntry | None:
        form = Form(
            node,
            self.path,
            "a dose",
            required=("from", "daily_dose", "basis"),
            optional=("until", "formulation", "product", "adherence", "missed", "note"),
        )
        before = len(self.problems)
        basis = self._word(form, "basis", BASES, where)
        first = self._span(form, "from", where)
        last = (
            self._span(form, "until", where, ahead=basis == "prescribed") if form.has("until") else Span.of(self.as_of)
        )
        daily = self._amount(form, "daily_dose", ("mg", "mg/day"), where)
        share, assumption = self._adherence(form, where)
        missed, missed_days = self._missed(form, where)
        formulation = self._word(form, "formulation", FORMULATIONS, where) if form.has("formulation") else ""
        if first and last and last.last < first.first:
            self._problem(where, "it ends before it begins", "from an earlier to a later day", "correct it")
        if form.has("adherence") and form.has("missed"):
            self._problem(where, "both adherence and missed", "one of them", "keep the one that is surer")
        if len(self.problems) > before or first is None or last is None or daily is None:
            return None
        return DoseEntry(
            where,
            self._words(form, first, last, goes_on=not form.has("until")),
            basis,
            first,
            last,
            daily,
            share,
            missed,
            missed_days,
            (formulation,) if formulation else (),
            form.text("product", ""),
            assumption,
        )

    def _words(self, form: Form, first: Span, last: Span, *, goes_on: bool) -> str:
        until = "on" if goes_on else f"to {show_span(last)}"
        told = [f"{form.text('daily_dose').removesuffix('/day')}/day from {show_span(first)} {until}"]
        told += [form.text("adherence")] if form.has("adherence") else []
        if form.has("missed"):
            missed = form.get("missed")
            told.append(
                f"{len(missed.items)} days missed" if isinstance(missed, Seq) else f"{form.text('missed')} days missed"
            )
        return ", ".join(told)

    def _adherence(self, form: Form, where: str) -> tuple[tuple[Fraction, Fraction], str]:
        every = (Fraction(1), Fraction(1))
        if not form.has("adherence"):
            return every, ""
        text = form.text("adherence")
        if text in ADHERENCE:
            low, high, assumption = ADHERENCE[text]
            return (low, high), assumption
        match = _SHARE.fullmatch(text)
        ends = (exact(match[1]), exact(match[2] or match[1])) if match else (Fraction(1), Fraction(0))
        if not 0 <= ends[0] <= ends[1] <= 100:
            expected = said("expected.adherence", words=codes(ADHERENCE, ", "))
            self._problem(where, near(f'adherence "{text[:60]}"', text, ADHERENCE), expected, "write one of them")
            return every, ""
        return (ends[0] / 100, ends[1] / 100), ""

    def _missed(self, form: Form, where: str) -> tuple[int | None, tuple[int, ...]]:
        """How many days were missed, or which."""
        if not form.has("missed"):
            return None, ()
        node = form.get("missed")
        if not isinstance(node, Seq):
            return self._whole(form, "missed", MOST_DAYS, where), ()
        days = []
        for text in form.texts("missed"):
            try:
                span = parse_span(text)
            except ValueError as problem:
                self._problem(f"{where}: missed", reason_of(problem), "a day such as 2026-03-02", "correct the date")
                continue
            if not span.known:
                self._problem(
                    f"{where}: missed",
                    said("date.more_than_one", text=text),
                    "a day such as 2026-03-02",
                    "write the day",
                )
                continue
            days.append(span.first)
        return None, tuple(sorted(set(days)))

    # what was handed out ---------------------------------------------------------------------------------------------------
    def _handed_out(self, node: Node, where: str) -> DoseEntry | None:
        form = Form(
            node,
            self.path,
            "what was dispensed",
            required=("dispensed", "strength", "capsules"),
            optional=("days", "formulation", "product", "note"),
        )
        before = len(self.problems)
        day = self._span(form, "dispensed", where)
        strength = self._amount(form, "strength", ("mg",), where)
        capsules = self._whole(form, "capsules", MOST_CAPSULES, where)
        days = self._whole(form, "days", MOST_DAYS, where) if form.has("days") else None
        formulation = self._word(form, "formulation", FORMULATIONS, where) if form.has("formulation") else ""
        if day is not None and not day.known:
            self._problem(
                where,
                said("date.more_than_one", text=form.text("dispensed")),
                "a day such as 2026-03-02",
                "write the day",
            )
        if capsules == 0:
            self._problem(
                f"{where}: capsules", said("dose.zero_capsules"), "1 or more", "count them, or leave the entry out"
            )
        if days == 0:
            self._problem(
                f"{where}: days", said("dose.zero_days"), "1 day or more", "write how long it lasts, or leave it out"
            )
        if len(self.problems) > before or day is None or strength is None or capsules is None:
            return None
        written = f"{capsules} capsules of {form.text('strength')} on {show(day.first)}"
        written += f" for {days} days" if days else ""
        self.handings.append(Event("dispensed_on", day, day, None, where, written))
        kind, whole = (formulation,) if formulation else (), (strength[0] * capsules, strength[1] * capsules)
        return handed_out(where, written, day, whole, days, kind, form.text("product", ""))

    # values -------------------------------------------------------------------------------------------------------------------
    def _problem(self, where: str, found: str, expected: str, do: str) -> None:
        """Notes a value that leaves its entry out."""
        self.problems.append(Problem(where, found, expected, do, "The entry was left out, and no total counts it."))

    def _word(self, form: Form, key: str, known: Iterable[str], where: str) -> str:
        text = form.text(key)
        if text not in known:
            self._problem(where, near(f'{key} "{text[:60]}"', text, known), codes(known), "write one of them")
        return text

    def _span(self, form: Form, key: str, where: str, *, ahead: bool = False) -> Span | None:
        try:
            span = parse_span(form.text(key))
        except ValueError as problem:
            expected = "a date such as 2026-03-02, 2026-03 or 2026"
            self._problem(f"{where}: {key}", reason_of(problem), expected, "correct the date")
            return None
        if span.first > self.as_of and not ahead:
            late, expected = said("date.after", what=form.text(key), day=of_day(self.as_of)), "a day up to then"
            self._problem(f"{where}: {key}", late, expected, "check the date; what is planned stands under plan")
            return None
        return span if ahead else Span(span.first, min(span.last, self.as_of))

    def _amount(self, form: Form, key: str, units: Iterable[str], where: str) -> Amounts | None:
        found = milligrams(form.text(key), units)
        if found is None:
            expected = "milligrams, such as 20 mg"
            self._problem(f"{where}: {key}", f'"{form.text(key)[:60]}"', expected, "check the amount and its unit")
            return None
        return found

    def _whole(self, form: Form, key: str, most: int, where: str) -> int | None:
        text = form.text(key)
        if not (text.isascii() and text.isdigit()) or len(text) > 5 or int(text) > most:
            self._problem(
                f"{where}: {key}", f'"{text[:60]}"', said("expected.whole", most=str(most)), "write a whole number"
            )
            return None
        return int(text)


def plan_of(form: Form, problems: list[Problem]) -> tuple[tuple[str, str], ...]:
    """The texts of the `plan:` block, each checked; one that cannot be read is left out with a Problem.

    Raises:
        ReadError: a key is misspelt, or its value is neither a text nor a list of texts.
    """
    if not form.has("plan"):
        return ()
    from isocourse.course.wanted import WISHES, Wanted, WantedError, wanted_of  # only where a record has a plan

    inner = Form(form.get("plan"), form.path, "a plan", optional=(*WISHES, "note"))
    found: dict[str, str] = {}
    for name, node in form.pairs("plan"):
        if name == "note":
            continue
        text = node.text if isinstance(node, Text) else "\n".join(inner.texts(name))
        try:
            wanted_of({**found, name: text}, Wanted())
        except WantedError as error:
            expected = "as docs/guide/records.md shows it"
            problems.append(
                Problem(
                    f"plan.{name}",
                    _unreadable(error.message, text),
                    expected,
                    "correct it",
                    "It counts as not asked for.",
                )
            )
            continue
        found[name] = text
    return tuple(found.items())


def _unreadable(message: str, text: str) -> Sentence:
    """Why a wish cannot be read: in English just what is wrong with it, in another language that it cannot be read."""
    plain = said("plan.unreadable", text=text[:60])
    return Sentence(message, plain.told)
