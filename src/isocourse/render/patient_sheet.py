"""The sheet for the patient: one A4 page with what to take on which day, the next dates, what to avoid, and when to call at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from isocourse.course.amounts import shown
from isocourse.course.calendar import Entry
from isocourse.course.capsules import Day, day_words
from isocourse.course.exposure import Period
from isocourse.course.heading import HEAD_SHOWN, conditions, red_words
from isocourse.course.plan import DoseStep, Plan
from isocourse.course.planner import in_hand
from isocourse.decisions.tables import Say, Status, words
from isocourse.decisions.today import RedFinding
from isocourse.facts.courses import work_out
from isocourse.logic.truth import Truth
from isocourse.render.html import environment
from isocourse.render.plan_words import live
from isocourse.render.words import options_words, short

DATED = ("pregnancy_tests", "lab_schedule", "work_up", "visits")
"""The points whose dates a patient keeps; papers and talks are dates of the clinic."""
LINES, DATES, LATER, TITLES = 5, 5, 3, 3
"""Lines of dose, dates, undated duties and sources that one page has room for."""


def sheet(plan: Plan) -> str:
    """The page, as HTML that prints on one A4 page."""
    return environment().get_template("sheet.html.j2").render(**_Sheet(plan).context())


class _Sheet:
    """One sheet being written; it remembers what it cites."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.own, self.w = plan, plan.assessment.library.sheet, plan.assessment.words
        self.page = plan.assessment.library.page
        self.claims: dict[str, None] = {}

    def said(self, name: str, **parts: str | int) -> str:
        """A text of the frame, filled."""
        return self.w(self.own.word(name), **parts)

    def shared(self, name: str, **parts: str | int) -> str:
        """A text that the page for the patient has too."""
        return self.w(self.page.word(name), **parts)

    def context(self) -> dict[str, Any]:
        """Everything on the page."""
        plan, red = self.plan, bool(self.plan.withheld)
        avoid, signs = self._avoid(), self._signs()
        return {
            "language": self.w.language,
            "draft": self.shared("draft") if self.w.draft else "",
            "said": {name: self.w(say) for name, say in self.own.words if "{" not in words(say)},
            "shared": {name: self.shared(name) for name in ("red_head", "red_found", "able_unless_shown")},
            "in_hand": [] if red else [self._in_hand(each) for each in in_hand(plan)],
            "made": self.said("made", day=self.w.day(plan.assessment.asked.as_of), person=self._age()),
            "governed": self._governed(),
            "red": [self._red(finding) for finding in plan.withheld],
            "open": self._open(),
            "open_head": self.said("no_supply" if plan.running else "not_started"),
            "steps": [] if red else [self._step(step) for step in self._fitting()],
            "more_steps": len(self._fitting()) < len(plan.steps),
            "breaks": [] if red else [self._break(each.first, each.last) for each in plan.breaks],
            "food": [] if red else self._food(),
            "missed": "" if red else self._missed(),
            "dates": [] if red else self._dates(),
            "later": "" if red else self._later(),
            "avoid": avoid,
            "able_unless": self.able is Truth.UNKNOWN,
            "signs": signs,
            "sources": self._sources(),
        }

    # the head --------------------------------------------------------------------------------------------------------------------
    def _age(self) -> str:
        written = work_out("age", self.plan.assessment.record, self.plan.assessment.asked.as_of).written
        years = written.partition(",")[0].removesuffix(" years")
        if not years:
            return self.said("no_age")
        return self.said("age", n=int(years) if years.isdigit() else years)

    def _governed(self) -> str:
        library = self.plan.assessment.library
        titles = "; ".join(self.w(library.edition(key).title) for key in self.plan.governs)
        return self.shared("governed", titles=titles) if titles else self.shared("not_governed")

    def _open(self) -> list[str]:
        told = conditions(self.plan)
        more = [self.said("more", n=len(told) - HEAD_SHOWN)] if len(told) > HEAD_SHOWN else []
        return [*(self.w(condition.said) for condition in told[:HEAD_SHOWN]), *more]

    @property
    def able(self) -> Truth:
        """Whether she can become pregnant under any definition that counts; not known counts as yes."""
        by = dict(self.plan.assessment.able)
        counted = [by[key] for key in self.plan.governs if key in by] or list(by.values())
        if Truth.YES in counted:
            return Truth.YES
        return Truth.NO if counted and all(each is Truth.NO for each in counted) else Truth.UNKNOWN

    # dose ------------------------------------------------------------------------------------------------------------------------
    def _fitting(self) -> list[DoseStep]:
        """The first steps, as many as there is room for: each takes a line for each day of its cycle."""
        lengths = [len(step.pattern.days) if step.pattern else 1 for step in self.plan.steps]
        room = [place for place in range(1, len(lengths) + 1) if sum(lengths[:place]) <= LINES]
        return list(self.plan.steps[: max(room, default=1)])

    def _step(self, step: DoseStep) -> tuple[str, list[str]]:
        """The days of a step, and what is taken on them: day by day of its cycle, each with the date that it begins on."""
        ends = {"first": self.w.day(step.first), "last": self.w.day(step.last)}
        days = self.said("from_on", first=ends["first"]) if step.open else self.said("from_to", **ends)
        if step.pattern is None:
            return days, [self.said("not_settled")]
        cycle = step.pattern.days
        if len(cycle) == 1:
            return days, [self.said("each_day", capsules=self._capsules(cycle[0]))]
        return days, [self._turn(day, step.first + place, len(cycle)) for place, day in enumerate(cycle)]

    def _turn(self, day: Day, first: int, every: int) -> str:
        if not day.intakes:
            return self.said("none_then", n=every, day=self.w.day(first))
        return self.said("each_other", n=every, day=self.w.day(first), capsules=self._capsules(day))

    def _capsules(self, day: Day) -> str:
        return self.w(day_words(day))

    def _in_hand(self, each: Period) -> str:
        """What is taken from the capsules in hand until the plan takes over."""
        days = self._days(each.first, each.last)
        if not (each.daily_mg.known and each.taken.known):
            return self.said("in_hand_as_ordered", days=days)
        return self.said("in_hand", days=days, mg=self.w(shown(each.daily_mg, 2)))

    def _break(self, first: int, last: int) -> str:
        if first == last:
            return self.said("pause_day", first=self.w.day(first))
        return self.said("pause", first=self.w.day(first), last=self.w.day(last))

    def _food(self) -> list[str]:
        """With food or not as the text of the product says; what is disputed or was not read says ask."""
        told = []
        for product in dict.fromkeys(step.product for step in self.plan.steps):
            known = product is not None and product.food in ("with_food", "any")
            if known and product is not None:
                for said in product.food_said:
                    self.claims.update(dict.fromkeys(said.claims[:1]))
                told.append(self.said("with_food" if product.food == "with_food" else "any_food"))
            else:
                told.append(self.said("ask_food"))
        return list(dict.fromkeys(told))

    def _missed(self) -> str:
        """What those who govern say of a missed dose, if they say one thing."""
        answers = [
            answer
            for answer in self.plan.assessment.answers
            if answer.point.name == "missed_dose" and answer.edition.key in self.plan.governs
        ]
        spoken = [answer for answer in answers if answer.status is Status.ANSWERED]
        takes = {answer.stances[0].take for answer in spoken}
        if len(takes) != 1 or any(answer.status is Status.CANNOT_TELL for answer in answers):
            return self.said("missed_differ")
        for answer in spoken:
            self.claims.update(dict.fromkeys(answer.claims))
        what = options_words(spoken[0].point, spoken[0].stances[0].take, self.w)
        return self.said(
            "missed", what=what, who=", ".join(dict.fromkeys(short(each.edition, self.w) for each in spoken))
        )

    # dates -----------------------------------------------------------------------------------------------------------------------
    def _dates(self) -> list[str]:
        """The supplies, and what those who govern ask to be done, from today on; the nearest first."""
        today = self.plan.assessment.asked.as_of
        collect = self.said("collect_then" if self._open() else "collect")
        found = [(each.day, each.day, collect, True) for each in self.plan.supplies if each.capsules]
        for entry in self._duties():
            if entry.first is not None and entry.last is not None:
                found.append((entry.first, entry.last, self._what(entry), entry.applies is Truth.YES))
        days: dict[tuple[int, int], dict[str, bool]] = {}
        for first, last, what, sure in sorted(found):
            if last >= today:
                held = days.setdefault((first, last), {})
                held[what] = held.get(what, False) or sure
        return [self._date(first, last, held) for (first, last), held in days.items()][:DATES]

    def _date(self, first: int, last: int, held: dict[str, bool]) -> str:
        """Everything of one day or window on one line; what may not apply says so."""
        told = [what if sure else self.said("if_it_applies", what=what) for what, sure in held.items()]
        return self.said("date_line", day=self._days(first, last), what=", ".join(told))

    def _days(self, first: int, last: int) -> str:
        return (
            self.w.day(first) if first == last else self.said("from_to", first=self.w.day(first), last=self.w.day(last))
        )

    def _later(self) -> str:
        """The duties that hang on a day not known yet; without a governing protocol, whom to ask."""
        if not self.plan.governs:
            return self.said("dates_tests")
        undated = [
            self._what(each) for each in self._duties() if each.depends_on and "the last dose" in each.depends_on
        ]
        told = list(dict.fromkeys(undated))[:LATER]
        return self.said("dates_later", what=", ".join(told)) if told else ""

    def _duties(self) -> list[Entry]:
        """What those who govern ask to be done, as things stand."""
        return [
            entry
            for entry in live(self.plan.calendar)
            if entry.governs
            and entry.as_stands is not Truth.NO
            and entry.shown is not Truth.YES
            and entry.row.duty is not None
            and entry.row.duty.verb == "do"
            and entry.point.name in DATED
        ]

    def _duty(self, entry: Entry) -> str:
        assert entry.row.duty is not None
        return entry.row.duty.what

    def _what(self, entry: Entry) -> str:
        return self.w(entry.point.say_of(self._duty(entry)))

    # sentences and sources ---------------------------------------------------------------------------------------------------------
    def _avoid(self) -> list[str]:
        lines = [self.page.line(name) for name in self.own.avoid]
        meant = [line for line in lines if line.audience == "all" or self.able is not Truth.NO]
        return [self._said(line.text.say, line.claims) for line in meant]

    def _signs(self) -> list[str]:
        """What a patient may notice of each red line, and the other reasons to stop at once."""
        meant = [each for each in self.page.red if each.red != "pregnancy" or self.able is not Truth.NO]
        told = [self._said(each.sign.say, each.claims) for each in meant if each.sign is not None]
        return told + [self._said(line.text.say, line.claims) for line in self.page.section("stop").lines]

    def _red(self, finding: RedFinding) -> str:
        """What was found, and what is to be done besides stopping and calling."""
        if finding.line is None:
            return self.w(red_words(finding))
        told = next(each for each in self.page.red if each.red == finding.line.name)
        return f"{self._said(told.found.say, told.claims)} {self.w(told.do.say)}"

    def _said(self, say: Say, claims: Iterable[str]) -> str:
        self.claims.update(dict.fromkeys(claims))
        return self.w(say)

    def _sources(self) -> tuple[str, str, str]:
        """The documents behind the sheet, whose titles stand as they are, and what is said around them."""
        titles, more = self._titles()
        before, _, after = self.said("sources", titles="|").partition("|")
        return before, "; ".join(titles), f"; {more}{after}" if more else after

    def _titles(self) -> tuple[list[str], str]:
        """The documents behind the sheet, most cited first, as many as there is room for; and how many there are besides."""
        library = self.plan.assessment.library
        counted: dict[str, int] = {}
        for claim in self.claims:
            title = library.work(library.claim(claim).work).title
            counted[title] = counted.get(title, 0) + 1
        ordered = sorted(counted, key=lambda title: -counted[title])
        more = self.said("more_sources", n=len(ordered) - TITLES) if len(ordered) > TITLES else ""
        return ordered[:TITLES], more
