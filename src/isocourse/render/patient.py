"""The page for the patient: what the knowledge says in plain words, for one patient, with its sources at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from isocourse.decisions.answers import Answer, Verdict
from isocourse.decisions.breaches import Breach
from isocourse.decisions.dates import NO_PERIOD, due, due_words
from isocourse.decisions.dates import words as duty_words
from isocourse.decisions.gate import Gate
from isocourse.decisions.lapsed import Lapsed
from isocourse.decisions.tables import Duty, OrderCheck, Point, Row, Shape, Status
from isocourse.decisions.today import Missing, Parting, RedFinding
from isocourse.facts.courses import work_out
from isocourse.library import Assessment
from isocourse.library.page import PageLine, PageSection, PageText
from isocourse.logic.truth import Truth
from isocourse.render.page import Page
from isocourse.render.ranges import range_words
from isocourse.render.steps import steps_words
from isocourse.render.today import bare_fact, ordered_partings
from isocourse.render.words import VERBS, label, options_words, short

TESTS = ("pregnancy_tests", "work_up", "lab_schedule", "visits")
"""The points whose duties are the tests and visits of a patient."""

SHOWN = 6
"""Disagreements and missing facts of one kind that are written out: the page stays a page."""

SIDES = 4
"""Sides of one disagreement that are written out."""

NOT_WHILE_RED = ("daily", "differ")
"""Sections that are left out while a red line holds: how to take the capsules is no question then."""

OF_PREGNANCY = ("pregnant", "breastfeeding", "last_pregnancy_test")
"""Facts that nobody asks of a patient who certainly cannot become pregnant."""

CITED = 2
"""Sources named behind one sentence."""


def patient_page(seen: Assessment, width: int, able: Truth) -> str:
    """The page for the patient.

    Args:
        seen: the assessment, in the language of the page.
        width: columns.
        able: whether she can become pregnant under any definition that counts; unknown is treated as yes.
    """
    return _Writer(seen, width, able).text()


class _Asked(NamedTuple):
    """A test or visit: when, who asks for it, and by which claims."""

    when: list[str]
    who: list[str]
    claims: list[str]


class _Writer:
    """Writes one page, and remembers what it cites."""

    def __init__(self, seen: Assessment, width: int, able: Truth) -> None:
        self.seen, self.able, self.w = seen, able, seen.words
        self.page, self.out = seen.library.page, Page(width)
        self.cited: dict[str, int] = {}

    def text(self) -> str:
        self._head()
        red = bool(self.seen.today.stop_now)
        for section in self.page.sections:
            if not (red and section.name in NOT_WHILE_RED):
                self._section(section)
        self.out.head(self._word("sources"))
        self.out.put("; ".join(f"[{number}] {title}" for title, number in self.cited.items()) + ".", 2, 0)
        return self.out.text()

    def _word(self, name: str, **parts: str | int) -> str:
        return self.w(self.page.word(name), **parts)

    # the head --------------------------------------------------------------------------------------------------------------
    def _head(self) -> None:
        seen, out = self.seen, self.out
        out.put(self._word("title"))
        if seen.today.stop_now:
            self._red()
        out.put(" ".join([self._word("as_of", day=self.w.day(seen.asked.as_of)), *self._age()]), hang=0)
        if self.w.draft:
            out.put(self._word("draft"), hang=0)
        titles = "; ".join(self.w(edition.title) for edition in seen.governs)
        out.put(self._word("governed", titles=titles) if titles else self._word("not_governed"), hang=0)
        out.put(self._word("not_instead"), hang=0)
        if seen.outside:
            out.put(self._word("outside"), hang=0)
        if not seen.today.stop_now:
            self._held()

    def _age(self) -> list[str]:
        years = (
            work_out("age", self.seen.record, self.seen.asked.as_of).written.partition(",")[0].removesuffix(" years")
        )
        return [self._word("age", n=int(years))] if years.isdigit() else []

    def _red(self) -> None:
        out = self.out
        out.put("")
        out.put(self._word("red_head"))
        out.put(self._word("red_found"))
        for finding in self.seen.today.stop_now:
            out.put(f"- {self._red_words(finding)}", 2)
        out.put(self._word("red_later"))
        out.put("")

    def _red_words(self, finding: RedFinding) -> str:
        if finding.line is not None:
            told = next(each for each in self.page.red if each.red == finding.line.name)
            return f"{self.w(told.found.say)} {self.w(told.do.say)} {self._mark(told.claims)}"
        assert finding.answer is not None
        assert finding.verdict is not None
        row, point = finding.verdict.row, finding.answer.point
        what = f"{self.w(point.say_of(row.find))}: {options_words(point, row.take, self.w)}."
        return f"{self._word('red_rule', who=label(finding.answer, self.w), what=what)} {self._mark(row.claims)}"

    def _held(self) -> None:
        held = self.seen.today.not_today
        if any(isinstance(each, Gate) for each in held):
            self.out.put(self._word("gate"), hang=0)
        points = [self._held_words(each) for each in held if not isinstance(each, Gate)]
        if points:
            self.out.put(self._word("held", points="; ".join(dict.fromkeys(points))), hang=0)

    def _held_words(self, held: Breach | OrderCheck | Lapsed) -> str:
        if isinstance(held, OrderCheck):
            return self.w(held.say)
        if isinstance(held, Breach):
            return self.w(held.point.title)
        return self.w(held.line.say) if held.line else self.w(held.answer.point.title) if held.answer else ""

    # the sections ----------------------------------------------------------------------------------------------------------
    def _section(self, section: PageSection) -> None:
        self.out.head(self.w(section.head.say))
        if section.name == "never" and self.able is Truth.UNKNOWN:
            self.out.put(self._word("able_unless_shown"), 2, 0)
        if section.name == "stop":
            self._signs()
        for line in section.lines:
            if self._meant(line):
                self._line(line.text, line.claims)
        if section.name == "tests":
            self._tests()
        elif section.name == "differ":
            self._partings()
        elif section.name == "unknown":
            self._unknown()

    def _meant(self, line: PageLine) -> bool:
        return line.audience == "all" or (line.audience == "able") == (self.able is not Truth.NO)

    def _line(self, text: PageText, claims: Iterable[str]) -> None:
        self.out.put(f"- {self.w(text.say)} {self._mark(claims)}", 2)

    def _signs(self) -> None:
        self.out.put(self._word("see_red"), 2, 0)
        for each in self.page.red:
            if each.sign is not None and (each.red != "pregnancy" or self.able is not Truth.NO):
                self._line(each.sign, each.claims)

    def _mark(self, claims: Iterable[str]) -> str:
        """The numbers of the sources behind a sentence."""
        library = self.seen.library
        titles = list(dict.fromkeys(library.work(library.claim(claim).work).title for claim in claims))[:CITED]
        numbers = sorted({self.cited.setdefault(title, len(self.cited) + 1) for title in titles})
        return f"[{', '.join(str(number) for number in numbers)}]"

    # tests -----------------------------------------------------------------------------------------------------------------
    def _tests(self) -> None:
        told: dict[str, _Asked] = {}
        for answer in self._speaking():
            for verdict in answer.verdicts:
                if verdict.row.duty is not None and verdict.applies is not Truth.NO:
                    what = self.w(answer.point.say_of(verdict.row.duty.what))
                    asked = told.setdefault(what, _Asked([], [], []))
                    asked.when.append(self._when(verdict))
                    asked.who.append(short(answer.edition, self.w))
                    asked.claims.extend(verdict.row.claims)
        if told and not self.seen.governs:
            self.out.put(self._word("tests_not_governed"), 2, 0)
        for what, asked in told.items():
            stated = [when for when in asked.when if when != self.w(NO_PERIOD)] or asked.when
            when = "; ".join(dict.fromkeys(stated))
            line = self._word("tests_line", what=_capital(what), when=when, who=self._names(asked.who))
            self.out.put(f"- {line} {self._mark(asked.claims)}", 2)
        if not told:
            self.out.put(self._word("tests_none"), 2)

    def _speaking(self) -> list[Answer]:
        """What governs on tests and visits; where nothing does, every label and binding rule that speaks."""
        seen = self.seen
        bound = [answer for answer in seen.answers if answer.point.name in TESTS and self._asked(answer)]
        if seen.governs:
            return [answer for answer in bound if answer.edition in seen.governs]
        return [answer for answer in bound if answer.edition.authority in ("mandatory", "label")]

    def _asked(self, answer: Answer) -> bool:
        slot = self.seen.library.program.slot_named("on_treatment")
        begun = slot is not None and self.seen.snapshot.state.low[slot] == Truth.YES
        return not (answer.point.name == "work_up" and begun) and not (
            answer.point.name == "pregnancy_tests" and self.able is Truth.NO
        )

    def _when(self, verdict: Verdict) -> str:
        assert verdict.row.duty is not None
        found = due(verdict.row.duty, self.seen.day_of)
        dated = due_words(found, self.w) if found.dated and not verdict.row.duty.unstated else ""
        open_ = self._word("tests_open") if self.seen.governs and verdict.applies is Truth.UNKNOWN else ""
        more = "; ".join(part for part in (dated, open_) if part)
        return duty_words(verdict.row.duty, self.w) + (f" ({more})" if more else "")

    def _names(self, who: Sequence[str], most: int = 3, mark: str = ", ") -> str:
        told = list(dict.fromkeys(who))
        more = [self._word("unknown_more", n=len(told) - most)] if len(told) > most else []
        return mark.join([*told[:most], *more])

    # disagreements ---------------------------------------------------------------------------------------------------------
    def _partings(self) -> None:
        shown = [parting for parting in ordered_partings(self.seen) if parting.kind != "possible"][:SHOWN]
        if shown:
            self.out.put(self._word("differ_ask"), 2, 0)
        for parting in shown:
            sides: dict[str, list[str]] = {}
            for answer in parting.answers:
                if side := self._side(parting, answer):
                    sides.setdefault(side, []).append(short(answer.edition, self.w))
            if len(sides) < 2:
                continue
            told = [self._word("differ_says", what=what, who=self._names(who)) for what, who in sides.items()]
            claims = [answer.claims[0] for answer in parting.answers if answer.claims]
            about = f", {self.w(parting.point.say_of(parting.about))}" if parting.about else ""
            title = f"{self.w(parting.point.title)}{about}"
            line = self._word("differ_line", title=title, sides=self._names(told, SIDES, "; "))
            self.out.put(f"- {line} {self._mark(claims)}", 2)
        if not shown:
            self.out.put(self._word("differ_none"), 2)

    def _side(self, parting: Parting, answer: Answer) -> str:
        """What an answer says on a point, for a patient: neither its force nor what the file breaks."""
        point, w = parting.point, self.w
        if point.shape in (Shape.CHOICE, Shape.RANGE):
            stance = answer.stances[0] if answer.status is Status.ANSWERED else None
            if stance is None or stance.row is None:
                return ""
            return options_words(point, stance.take, w) if stance.take else range_words(stance.row, w)
        rows = [verdict.row for verdict in answer.verdicts if verdict.applies is not Truth.NO]
        meant = [row for row in rows if parting.about in ("", *row.subjects)]
        return "; ".join(dict.fromkeys(self._row(point, row) for row in meant))

    def _row(self, point: Point, row: Row) -> str:
        if row.steps:
            return steps_words(point, row, self.w)
        return self._duty(point, row.duty) if row.duty else options_words(point, row.take, self.w)

    def _duty(self, point: Point, duty: Duty) -> str:
        """A duty in words; of what is done once, only when, because the heading names it."""
        when = duty_words(duty, self.w)
        return when if duty.verb == "do" else self.w(VERBS[duty.verb], what=self.w(point.say_of(duty.what)), when=when)

    # what is not known -----------------------------------------------------------------------------------------------------
    def _unknown(self) -> None:
        groups: dict[str, list[str]] = {}
        for missing in self.seen.today.cannot_tell:
            if self.able is Truth.NO and missing.fact.partition(".")[0] in OF_PREGNANCY:
                continue
            groups.setdefault(missing.obtain, []).append(self._fact(missing))
        for obtain, facts in groups.items():
            told = self._names(facts, SHOWN, "; ")
            self.out.put(f"- {self._word(f'unknown_{obtain}', facts=told)}", 2)
        if not groups:
            self.out.put(self._word("unknown_none"), 2)

    def _fact(self, missing: Missing) -> str:
        """A missing fact in words; of a ratio, the value that is measured."""
        fact = self.seen.library.fact_by_name.get(missing.fact)
        return bare_fact(self.seen, fact.ratio[0] if fact is not None and fact.ratio else missing.fact)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
