"""Makes a plan: from an assessed patient and what was asked to dated steps, capsules, supplies, totals, forecast and calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from isocourse.course.ahead import coming_to_govern, governing_by_then, met
from isocourse.course.amounts import rounded, shown
from isocourse.course.calendar import Asking, Entry, Happening, calendar
from isocourse.course.capsules import Pattern, fits, mg_a_day, patterns, why_none
from isocourse.course.choose import Chosen, choose, step_words, truth_of
from isocourse.course.conversion import Converted, converted
from isocourse.course.exposure import Period, part_of, periods_of
from isocourse.course.forecast import Forecast, ends, second_course
from isocourse.course.frames import FIXED
from isocourse.course.happenings import birthdays, course_happenings
from isocourse.course.lay import Days, Laid, due_days, lay
from isocourse.course.limits import ceiling, counts_others_only, floor, highest, judged, ranges
from isocourse.course.outline import Outline, PlannedSupply
from isocourse.course.plan import Bounds, Choice, DoseStep, Plan, Supply
from isocourse.course.project import Projector, projector
from isocourse.course.supplies import planned_periods, supplies, uncovered
from isocourse.course.targets import HOLE, Reaching, SoFar, best_basis, holes, mg_by_day, so_far
from isocourse.course.totals import Running, progress, running
from isocourse.course.wanted import Wanted
from isocourse.course.weights import Weighed, latest, weights_of
from isocourse.decisions.dates import BOTH
from isocourse.decisions.sentence import Sentence, of_day, of_digits, of_text, sentence
from isocourse.decisions.tables import Duty
from isocourse.facts.imply import asks_of_organs
from isocourse.library import Assessment, Product
from isocourse.logic.truth import Truth

AHEAD = 400
"""Days that a forecast looks ahead: more than the longest course that any document read speaks of, and the wait for a second one."""

DRAWN_AT_MOST = 3 * 365
"""Days that a plan is drawn; ours: a longer course is planned anew, and an end in another century is a slip."""
MOST_LAID = Fraction(200)
"""mg/day; the highest dose of any printed table (claim us.dose.table_highest). Above it no capsules are laid out, whoever governs."""

FORMULATIONS = ("conventional", "lidose", "micronised")
"""What totals are counted in."""

DRAWN_WEEKS = 24
"""Weeks that are drawn where nothing says when the course ends: the upper end of the European label's usual course."""
DRAWN_CLAIM = "eu.duration.weeks"


CERTAINTY = {"second_hand": FIXED["mind.second_hand"], "planned": FIXED["mind.as_planned"]}
"""How a day of beginning is known, where it was not read at source."""


def make_plan(assessment: Assessment, wanted: Wanted) -> Plan:
    """The plan of one patient. A red line leaves it without steps and supplies; the duties after the last dose stay."""
    planning = _Planning(
        assessment, wanted, choose(assessment, wanted), weights_of(assessment.record, wanted, assessment.asked.as_of)
    )
    return planning.withheld() if assessment.today.stop_now else planning.whole()


def taken_before(plan: Plan) -> tuple[Period, ...]:
    """What was taken, and what the capsules in hand cover, up to the day before the plan takes over, by the best basis."""
    assessment, wanted = plan.assessment, plan.wanted
    planning = _Planning(assessment, wanted, choose(assessment, wanted), plan.weights)
    past = planning.past
    basis = best_basis(past)
    known = (*(each for each in past if each.basis == basis), *planning.in_hand)
    return tuple(sorted(known, key=lambda each: each.first))


def in_hand(plan: Plan) -> tuple[Period, ...]:
    """What the capsules on file cover from today until the plan takes over, as prescribed; nothing before a first dose."""
    return _Planning(plan.assessment, plan.wanted, choose(plan.assessment, plan.wanted), plan.weights).in_hand


class _Planning(Struct, frozen=True):
    assessment: Assessment
    wanted: Wanted
    chosen: Chosen
    weights: tuple[Weighed, ...]

    # the two ways it can come out ----------------------------------------------------------------------------------------------
    def withheld(self) -> Plan:
        """Nothing of a dose, a supply or a start; what is due after the last dose."""
        outline = Outline(self.chosen.start if self.chosen.running else None, None)
        on = projector(self.assessment.library, self.assessment.snapshot, outline)
        last = Happening("last-dose", "last_dose", self._told_end(), of_text(FIXED["happens.last_dose"]))
        entries = calendar(self._asking((last,), on, None, self._today))
        kept = tuple(entry for entry in entries if entry.row.duty is not None and _after(entry.row.duty))
        return self._plan(_Drawn((), (), (), None, False, outline, (last,), kept, (), ()))

    def whole(self) -> Plan:
        """The course drawn to its end, or to where nothing more can be said."""
        begin, library, editions = self.chosen.begin, self.assessment.library, self.assessment.editions
        far = self._steps(begin + AHEAD)
        on = self._on(self._outline(self._given(far), far, None))
        first = begin if self.chosen.running else begin + 1
        forecasts = ends(library, on, editions, self._governs, first, begin + AHEAD)
        forecasts += tuple(self._targets(far))
        end, end_sure, choice = self._end(far, forecasts)
        steps = self._steps(end)
        given = self._given(steps)
        outline = self._outline(given, steps, end if end_sure else None)
        on = self._on(outline)
        happenings = tuple(self._happenings(steps, given, end, end_sure))
        if end_sure:
            forecasts += second_course(library, on, editions, self._governs, end + 1, end + AHEAD)
        entries = calendar(self._asking(happenings, on, end if end_sure else None, end))
        choices = (*self.chosen.choices, self._weight_choice(), choice)
        gaps = uncovered(steps, given, self.wanted.breaks, self.wanted.missed)
        return self._plan(_Drawn(choices, steps, given, end, end_sure, outline, happenings, entries, forecasts, gaps))

    def _plan(self, drawn: _Drawn) -> Plan:
        today = self.assessment.today
        settled = self._settled_by_anatomy()
        unknown = (
            ()
            if self.chosen.running
            else tuple(
                each for each in today.cannot_tell if "contraindications" in each.points and each.fact not in settled
            )
        )
        totals = self._totals(drawn)
        now = [each for each in totals if each.basis == best_basis(self.past) and each.day == self._today]
        then = [each for each in totals if each.basis == "planned" and each.day == drawn.end]
        return Plan(
            wanted=self.wanted,
            assessment=self.assessment,
            withheld=today.stop_now,
            held=today.not_today,
            unknown=unknown,
            running=self.chosen.running,
            choices=drawn.choices,
            steps=drawn.steps,
            breaks=self.wanted.breaks,
            supplies=drawn.supplies,
            start=self.chosen.start or (drawn.steps[0].first if drawn.steps else None),
            end=drawn.end,
            end_sure=drawn.end_sure,
            totals=totals,
            progress=progress(self.assessment, then),
            progress_now=progress(self.assessment, now) if now else (),
            forecasts=drawn.forecasts,
            happenings=drawn.happenings,
            calendar=drawn.calendar,
            notes=self._notes(drawn),
            governs=tuple(edition.key for edition in self.assessment.governs),
            key=self.wanted.key,
            outline=drawn.outline,
            without_capsules=drawn.gaps,
            waits=() if today.stop_now else tuple(self._waits()),
            converted=tuple(self._converted(then, drawn.steps)),
            weights=self.weights,
        )

    def _waits(self) -> Iterator[Forecast]:
        """The rules on a further course that do not surely let this one begin on its day; without governing ones, all that speak."""
        told = self._last_dose_so_far()
        if self.chosen.running or told is None or told >= self.chosen.begin:
            return
        library, begin = self.assessment.library, self.chosen.begin
        on = self._on(Outline(None, None))
        found = second_course(library, on, self.assessment.editions, self._governs, self._today, begin + AHEAD)
        speak = [each for each in found if each.kind in ("reached", "dated", "not_before", "not_within")]
        for each in [each for each in speak if each.governs] or ([] if self._governs else speak):
            if each.kind in ("not_before", "not_within") or each.first is None or each.first > begin:
                yield each

    # who, and when ---------------------------------------------------------------------------------------------------------------
    @property
    def _today(self) -> int:
        return self.assessment.asked.as_of

    @property
    def _governs(self) -> tuple[str, ...]:
        return tuple(edition.protocol for edition in self.assessment.governs)

    @property
    def _able(self) -> Truth:
        """No only where every definition that counts says that she cannot become pregnant."""
        governs = {edition.key for edition in self.assessment.governs}
        said = [truth for key, truth in self.assessment.able if key in governs]
        said = said or [truth for _, truth in self.assessment.able]
        return Truth.NO if said and all(truth is Truth.NO for truth in said) else Truth.UNKNOWN

    def _settled_by_anatomy(self) -> frozenset[str]:
        """Facts that are not asked of somebody whose file says that there is no womb: any entry of them would say otherwise."""
        if truth_of(self.assessment, "female_organs") is not Truth.NO:
            return frozenset()
        facts = self.assessment.library.facts
        return frozenset(fact.name for fact in facts if fact.fold is not None and asks_of_organs(fact.fold))

    def _told_end(self) -> int | None:
        span = self.assessment.day_of("last_dose")
        return span.first if span is not None and span.known else None

    def _last_dose_so_far(self) -> int | None:
        """The last dose told, even where a further course is ordered since, whose own last dose is not known."""
        told = [each.happened.first for each in self.assessment.record.events if each.stream == "last_dose"]
        return max((day for day in told if day <= self._today), default=self._told_end())

    # steps and supplies ------------------------------------------------------------------------------------------------------------
    def _steps(self, end: int) -> tuple[DoseStep, ...]:
        laid = lay(self.chosen.steps, self.wanted.taper, Days(self.chosen.begin, end, self._fresh))
        return tuple(self._step(each) for each in laid)

    def _step(self, laid: Laid) -> DoseStep:
        product = self.chosen.product
        if laid.step.product:
            product = self.assessment.library.product(laid.step.product)
        formulation = product.formulation if product else self.chosen.formulation
        bounds = ranges(self.assessment, "dose_range", laid.weight, formulation)
        target = laid.target_mg
        pattern, notes = self._pattern(laid, product, bounds, target)
        mean, highest = (pattern.mean_mg, pattern.highest_mg) if pattern else (target, target)
        if mean is not None and highest is not None:
            bounds = judged(bounds, mean, highest)
        return DoseStep(
            laid.name, laid.first, laid.last, laid.open, step_words(laid.step), target or Fraction(0), laid.weight, product,
            formulation, self.chosen.times_a_day, pattern, bounds, notes,
        )  # fmt: skip

    def _pattern(
        self, laid: Laid, product: Product | None, bounds: Sequence[Bounds], target: Fraction | None
    ) -> tuple[Pattern | None, tuple[str, ...]]:
        """The capsules of a step, never above the governing ceiling, or why there are none."""
        if target is None:
            return None, (sentence(FIXED["laid.no_weight"], why=self._no_weight),)
        if why := self._above(target, laid.weight, bounds):
            return None, (sentence(FIXED["laid.too_high"], why=why),)
        if product is None or not product.strengths:
            return None, (of_text(FIXED["laid.no_strengths"]),)
        low, tops = floor(bounds), [each for each in (ceiling(bounds), highest(bounds)) if each is not None]
        top = min(tops, default=MOST_LAID)
        bottom = low if low is not None and target >= low and not laid.step.taper else None
        strengths = tuple(Fraction(each) for each in product.strengths)
        settings = (target, strengths, self.chosen.times_a_day, top, bottom, self.wanted.drug_free_days)
        found = _best(*settings)
        if found is not None and fits(found, bottom, top):
            return found, ()
        why = _why(*settings)
        return None, (why,) if why else ()

    def _above(self, target: Fraction, weight: Weighed | None, bounds: Sequence[Bounds]) -> str:
        """Why a dose may lie too high, or is not known not to; nothing where it lies under every ceiling that counts."""
        told = mg_a_day(target)
        if target > MOST_LAID:
            return sentence(FIXED["laid.table"], dose=told)
        if weight is None:
            return sentence(FIXED["laid.nobody"], why=self._no_weight, dose=told)
        if others := counts_others_only(bounds):
            return sentence(FIXED["laid.others"], who=", ".join(others))
        top, most = ceiling(bounds), highest(bounds)
        if top is not None and target > top:
            who = ", ".join(dict.fromkeys(each.edition for each in bounds if each.governs and each.most == top))
            return sentence(FIXED["laid.ceiling"], dose=told, top=of_digits(rounded(top, 2)), who=who)
        if most is not None and target > most:
            return sentence(FIXED["laid.highest"], dose=told, top=of_digits(rounded(most, 2)))
        return ""

    @property
    def _fresh(self) -> tuple[Weighed, ...]:
        """The weights by which capsules may be laid out: those asked for, and those on file that still count."""
        oldest = self._today - self._weight_lasts if self._weight_lasts else 0
        return tuple(each for each in self.weights if each.asked or each.day >= oldest)

    @property
    def _weight_lasts(self) -> int:
        """Days for which a weight counts (the fact `weight`); 0: for ever."""
        return next((fact.stale_after or 0 for fact in self.assessment.library.facts if fact.name == "weight"), 0)

    @property
    def _no_weight(self) -> Sentence:
        newest = latest(self.weights)
        if newest is None:
            return of_text(FIXED["laid.weight"])
        return sentence(FIXED["laid.old_weight"], day=of_day(newest.day), days=str(self._weight_lasts))

    def _given(self, steps: Sequence[DoseStep]) -> tuple[Supply, ...]:
        moved = {
            int(name.removeprefix("supply-")): day for name, day in self.wanted.moved if name.startswith("supply-")
        }
        return supplies(
            steps,
            days=self.chosen.supply_days,
            breaks=self.wanted.breaks,
            missed=self.wanted.missed,
            given_on=moved,
            pack=self.wanted.pack,
        )

    def _taken(self, steps: Sequence[DoseStep], gaps: Sequence[int] = ()) -> tuple[int, ...]:
        """The days on which capsules are taken as planned."""
        if not steps:
            return ()
        due = due_days(steps[0].first, steps[-1].last, self.wanted.breaks, self.wanted.missed)
        return tuple(day for day in due if day not in gaps)

    # the end -----------------------------------------------------------------------------------------------------------------------
    def _end(self, far: Sequence[DoseStep], forecasts: Sequence[Forecast]) -> tuple[int, bool, Choice]:
        """The last day to draw, whether it is the course's last day, and why."""
        begin = self.chosen.begin
        if self.wanted.until is not None and not self._ends_too_early and not self._ends_too_late:
            return (
                self.wanted.until,
                True,
                Choice("end", of_day(self.wanted.until), of_text(FIXED["why.as_asked"]), True),
            )
        if self._target_reached(far):
            why = sentence(FIXED["why.reached"], total=self._asked_total)
            return begin - 1, False, Choice("end", of_day(begin - 1), why, True)
        if self.wanted.target is not None and (day := self._by_target(far)) is not None:
            why = sentence(FIXED["why.target"], total=self._asked_total)
            return day, True, Choice("end", of_day(day), why, True)
        told = self._told_end()
        if told is not None and told >= begin:
            return told, True, Choice("end", of_day(told), of_text(FIXED["why.last_dose"]), False)
        for each in sorted(forecasts, key=lambda each: -(each.last or each.first or 0)):
            day = each.last or each.first or 0
            if each.governs and each.rule == "when_to_stop" and day > begin:
                why = sentence(FIXED["why.lets_end"], who=each.edition)
                return day, False, Choice("end", of_day(day), why, False, each.claims)
        day = max((self.chosen.start or begin) + 7 * DRAWN_WEEKS, begin + self.chosen.supply_days)
        why = sentence(FIXED["why.weeks"], weeks=str(DRAWN_WEEKS))
        return day, False, Choice("end", of_day(day), why, False, (DRAWN_CLAIM,))

    @property
    def _ends_too_early(self) -> bool:
        """Whether the end asked for lies before the first dose, or, of a running course, before today."""
        first = self._today if self.chosen.running else self.chosen.begin
        return self.wanted.until is not None and self.wanted.until < first

    @property
    def _ends_too_late(self) -> bool:
        """Whether the end asked for lies further off than a course is drawn."""
        return self.wanted.until is not None and self.wanted.until > self.chosen.begin + DRAWN_AT_MOST

    @property
    def _asked_total(self) -> Sentence:
        return sentence(FIXED["dose.mg_per_kg"], mg=of_digits(rounded(self.wanted.target or Fraction(0))))

    def _target_reached(self, far: Sequence[DoseStep]) -> bool:
        """Whether what is taken and in hand surely holds the total asked for."""
        newest, past = latest(self.weights), self._so_far(far)
        if newest is None or self.wanted.target is None or past.basis in ("nothing", "not_known"):
            return False
        return past.mg.low >= self.wanted.target * newest.kg.high

    def _by_target(self, far: Sequence[DoseStep]) -> int | None:
        """The last day of the shortest course, its taper included, that surely reaches the total asked for."""
        newest = latest(self.weights)
        past = self._so_far(far)
        if newest is None or self.wanted.target is None or past.basis == "not_known":
            return None
        wanted = self.wanted.target * newest.kg.high - past.mg.low

        def enough(end: int) -> bool:
            steps = self._steps(end)
            return sum((mg for _, mg, _ in mg_by_day(steps, self._taken(steps))), Fraction(0)) >= wanted

        low, high = self.chosen.begin, self.chosen.begin + 3 * AHEAD
        if not enough(high):
            return None
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if enough(middle) else (middle + 1, high)
        return low

    # totals ------------------------------------------------------------------------------------------------------------------------
    def _so_far(self, steps: Sequence[DoseStep]) -> SoFar:
        formulation = steps[0].formulation if steps else self.chosen.formulation
        return so_far(self.past, self.in_hand, formulation, running_course=self.chosen.running)

    def _targets(self, far: Sequence[DoseStep]) -> Iterator[Forecast]:
        newest = latest(self.weights)
        kg = newest.kg if newest else None
        taken = self._taken(far)
        return Reaching(self.assessment, tuple(far), taken, self._so_far(far), kg, self.chosen.begin).forecasts()

    @property
    def past(self) -> tuple[Period, ...]:
        """What was taken before today, by every basis; days of which the best one says nothing may be anything."""
        if not self.chosen.running or self.chosen.start is None:
            return ()
        kept = tuple(_within(self._on_file, self.chosen.start, self._today - 1))
        return (*kept, *holes(kept, self.chosen.start, self._today - 1, MOST_LAID))

    @property
    def in_hand(self) -> tuple[Period, ...]:
        """What the capsules on file cover from today until the plan takes over, as prescribed."""
        prescribed = [each for each in self._on_file if each.basis == "prescribed"] if self.chosen.running else []
        return tuple(replace(each, basis="planned") for each in _within(prescribed, self._today, self.chosen.begin - 1))

    @property
    def _on_file(self) -> tuple[Period, ...]:
        return periods_of(self.assessment.record, self._today, self.assessment.library)

    def _totals(self, drawn: _Drawn) -> tuple[Running, ...]:
        """What was taken by each basis up to today, and what the plan brings it to at the end of each step and supply."""
        past = self.past
        so_far = running(past, self.weights, [self._today])
        if not drawn.steps:
            return so_far
        ends = sorted({*(step.last for step in drawn.steps), *(supply.last for supply in drawn.supplies)})
        ahead = planned_periods(drawn.steps, self.wanted.breaks, self.wanted.missed, drawn.gaps)
        basis = best_basis(past)
        before = [replace(each, basis="planned") for each in past if each.basis == basis]
        return (*so_far, *running([*before, *self.in_hand, *ahead], self.weights, ends))

    def _converted(self, totals: Iterable[Running], steps: Sequence[DoseStep]) -> Iterator[Converted]:
        """Each total in the milligrams of every other formulation that a claim of its product equates."""
        library = self.assessment.library
        products = {step.product.name: step.product for step in steps if step.product}
        for each in totals:
            for product in products.values():
                if product.formulation == each.formulation:
                    for other in FORMULATIONS:
                        yield from converted(each.mg, product, other, library) if other != each.formulation else ()

    # calendar ------------------------------------------------------------------------------------------------------------------------
    def _outline(self, given: Sequence[Supply], steps: Sequence[DoseStep], end: int | None) -> Outline:
        start = self.chosen.start if self.chosen.running else self.chosen.begin
        planned = tuple(_order(each, steps) for each in given)
        tests = (day for day in self._tests(given).values() if day is not None and day > self._today)
        return Outline(start, end, planned, tuple(tests))

    def _tests(self, given: Sequence[Supply]) -> dict[int, int | None]:
        """The day of the pregnancy test for each supply: the one on file for the first, if it was taken since the last order.

        Otherwise it is taken to be on the day of the supply, until it is moved; None: it is missed.
        """
        if self._able is Truth.NO:
            return {}
        moved = dict(self.wanted.moved)
        on_file = self._test_on_file()
        found: dict[int, int | None] = {}
        for place, supply in enumerate(given):
            told = on_file if place == 0 and on_file is not None else supply.day
            found[supply.number] = moved.get(f"test-{supply.number}", told)
        return found

    def _test_on_file(self) -> int | None:
        record = self.assessment.record
        days = [event.happened.last for event in record.events if event.stream == "pregnancy_test" and event.dated]
        newest = max((day for day in days if day <= self._today), default=None)
        ordered = [order.day.last for order in record.orders if order.state != "draft" and order.day]
        return newest if newest is not None and newest > max(ordered, default=0) else None

    def _on(self, outline: Outline) -> Projector:
        return projector(self.assessment.library, self.assessment.snapshot, outline)

    def _happenings(
        self, steps: Sequence[DoseStep], given: Sequence[Supply], end: int, end_sure: bool
    ) -> Iterator[Happening]:
        start = self.chosen.start if self.chosen.running else self.chosen.begin
        moved = dict(self.wanted.moved)
        library, editions, record = self.assessment.library, met(self.assessment), self.assessment.record
        planned = course_happenings(start, end if end_sure else None, self._today, steps, given, self._tests(given))
        for each in (*planned, *birthdays(library, editions, record, self._today, end)):
            if each.handle not in moved or each.kind in ("supply", "test"):
                yield each
            elif (day := moved[each.handle]) is not None:
                yield replace(each, day=day, assumed="")

    def _asking(self, happenings: tuple[Happening, ...], on: Projector, end: int | None, until: int) -> Asking:
        start = self.chosen.start if self.chosen.running else self.chosen.begin
        return Asking(
            self.assessment.library, met(self.assessment), governing_by_then(self.assessment), happenings, on, self._today,
            start, end, until, self.wanted.key,
        )  # fmt: skip

    # what is said of it ----------------------------------------------------------------------------------------------------------------
    def _weight_choice(self) -> Choice:
        newest = latest(self.weights)
        if newest is None:
            return Choice("weight", of_text(FIXED["choice.not_known"]), of_text(FIXED["why.no_weight"]), False)
        on_file = sentence(FIXED["why.latest"], day=of_day(newest.day))
        why = of_text(FIXED["why.as_asked"]) if newest.asked else on_file
        return Choice("weight", sentence(FIXED["dose.kg"], kg=shown(newest.kg)), why, newest.asked)

    def _notes(self, drawn: _Drawn) -> tuple[str, ...]:
        missing = [each for each in self.past if each.origin == HOLE]
        days = [sentence(FIXED["mind.span"], first=of_day(each.first), last=of_day(each.last)) for each in missing]
        spans = days[0] if days else ""
        for each in days[1:]:
            spans = sentence(BOTH, one=spans, other=each)
        told = [sentence(FIXED["mind.nothing_said"], spans=spans, most=str(MOST_LAID))]
        gaps = drawn.gaps
        late = [sentence(FIXED["mind.gaps"], day=of_day(gaps[0]), n=len(gaps))] if gaps else []
        told = [*(told if missing else []), *late]
        return (*told, *self._not_as_asked(), *self._not_there(drawn), *self._coming(drawn))

    def _not_as_asked(self) -> Iterator[str]:
        """The days asked for that cannot be what was meant."""
        begin = self.chosen.begin
        if self._ends_too_early and self.wanted.until is not None:
            today = sentence(FIXED["mind.today"], day=of_day(self._today))
            first = today if self.chosen.running else sentence(FIXED["mind.first_dose"], day=of_day(begin))
            yield sentence(FIXED["mind.end"], day=of_day(self.wanted.until), first=first)
        if self._ends_too_late and self.wanted.until is not None:
            yield sentence(FIXED["mind.far"], day=of_day(self.wanted.until), years=str(DRAWN_AT_MOST // 365))
        if not self.chosen.running and begin < self._today:
            yield sentence(FIXED["mind.start"], day=of_day(begin))

    def _not_there(self, drawn: _Drawn) -> Iterator[str]:
        """The events that were to be moved and that the plan does not have, not even on their own days."""
        here = {each.handle for each in drawn.happenings}
        if not drawn.steps or here.issuperset(handle for handle, _ in self.wanted.moved):
            return
        unmoved = replace(self, wanted=replace(self.wanted, moved=())).whole()
        there = [each.handle for each in unmoved.happenings if each.kind in ("supply", "visit", "test")]
        for handle, _ in self.wanted.moved:
            if handle not in here and handle not in there:
                yield sentence(FIXED["mind.moved"], handle=handle, there=", ".join(there))

    def _coming(self, drawn: _Drawn) -> Iterator[str]:
        """The editions that begin to govern while the course runs: their duties are drawn, their answers are not."""
        for edition in coming_to_govern(self.assessment, drawn.end or self._today):
            assert edition.begins is not None
            how = CERTAINTY.get(edition.begins.certainty, "")
            yield sentence(
                FIXED["mind.coming"],
                title=of_text(edition.title),
                key=edition.key,
                day=of_day(edition.begins.day),
                how=of_text(how) if how else "",
            )


class _Drawn(Struct, frozen=True):
    """What was drawn, before it is said."""

    choices: tuple[Choice, ...]
    steps: tuple[DoseStep, ...]
    supplies: tuple[Supply, ...]
    end: int | None
    end_sure: bool
    outline: Outline
    happenings: tuple[Happening, ...]
    calendar: tuple[Entry, ...]
    forecasts: tuple[Forecast, ...]
    gaps: tuple[int, ...]


@lru_cache(maxsize=256)
def _best(
    target: Fraction,
    strengths: tuple[Fraction, ...],
    times: int,
    top: Fraction | None,
    low: Fraction | None,
    free: bool,
) -> Pattern | None:
    found = patterns(target, strengths, times_a_day=times, ceiling=top, floor=low, drug_free_days=free)
    return found[0] if found else None


def _why(
    target: Fraction,
    strengths: tuple[Fraction, ...],
    times: int,
    top: Fraction | None,
    low: Fraction | None,
    free: bool,
) -> str:
    none = why_none(target, strengths, times_a_day=times, ceiling=top, floor=low, drug_free_days=free)
    return none.words if none else ""


def _order(supply: Supply, steps: Sequence[DoseStep]) -> PlannedSupply:
    """What an order for one supply would say: the dose of the highest day that it covers."""
    covered = [step for step in steps if step.first <= supply.last and supply.first <= step.last]
    top = max(covered, key=lambda step: step.pattern.highest_mg if step.pattern else step.target_mg)
    mg = top.pattern.highest_mg if top.pattern else top.target_mg
    product = top.product.name if top.product else ""
    return PlannedSupply(supply.day, supply.last, mg, top.times_a_day, top.formulation, product)


def _within(periods: Iterable[Period], first: int, last: int) -> Iterator[Period]:
    """The parts of periods that lie between two days; none where the first lies after the last."""
    for each in periods:
        if first <= last and each.first <= last and first <= each.last:
            yield part_of(each, max(first, each.first), min(last, each.last))


def _after(duty: Duty) -> bool:
    """Whether a duty belongs to the time after the last dose."""
    return any(moment is not None and moment.anchor == "last_dose" for moment in (duty.at, duty.until))
