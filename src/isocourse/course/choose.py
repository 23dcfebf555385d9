"""What a plan rests on where nothing was asked: the start, the product, the dose, how often, how long a supply; each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct

from isocourse.course.frames import FIXED
from isocourse.course.limits import governing_answers, longest_supply, times_allowed
from isocourse.course.plan import Choice
from isocourse.course.wanted import PER_DAY, PER_KG, Wanted, WantedStep
from isocourse.decisions.amounts import above
from isocourse.decisions.answers import Answer
from isocourse.decisions.dates import COUNTS, counted
from isocourse.decisions.sentence import Sentence, joined, of_day, of_digits, of_text, sentence
from isocourse.facts.courses import SUPPLY_DAYS, judged_orders
from isocourse.facts.orders import DOSE_STEPS
from isocourse.facts.record import Order
from isocourse.library import Assessment, Product
from isocourse.logic.truth import Truth
from isocourse.logic.units import decimal, exact


class Chosen(Struct, frozen=True):
    """Everything that is settled before the days are drawn."""

    start: int | None
    """The first dose, past or planned."""
    begin: int
    """The first day that is planned."""
    running: bool
    product: Product | None
    formulation: str
    steps: tuple[WantedStep, ...]
    times_a_day: int
    supply_days: int
    choices: tuple[Choice, ...]


def choose(assessment: Assessment, wanted: Wanted) -> Chosen:
    """The settings of a plan, from what was asked, what is on file, and what the governing documents say."""
    start, begin, running, chosen_start = _start(assessment, wanted)
    product, chosen_product = _product(assessment, wanted)
    formulation = _formulation(assessment, product)
    steps, chosen_dose = _steps(assessment, wanted)
    times, chosen_times = _times(assessment, wanted)
    days, chosen_days = _supply_days(assessment, wanted)
    choices = (chosen_start, chosen_product, chosen_dose, chosen_times, chosen_days)
    return Chosen(start, begin, running, product, formulation, steps, times, days, choices)


# start -----------------------------------------------------------------------------------------------------------------------------
def _start(assessment: Assessment, wanted: Wanted) -> tuple[int | None, int, bool, Choice]:
    today = assessment.asked.as_of
    begun = assessment.day_of("start")
    running = truth_of(assessment, "on_treatment") is Truth.YES
    if running:
        start = begun.first if begun is not None and begun.known else None
        if wanted.start is not None:
            begin = max(wanted.start, today)
            why = of_text(FIXED["why.takes_over"])
            if begin != wanted.start:
                why = sentence(FIXED["why.takes_over_today"], day=of_day(wanted.start))
            return start, begin, True, Choice("start", of_day(begin), why, True)
        begin, why = _next_supply(assessment, today)
        return start, begin, True, Choice("start", of_day(begin), why, False)
    if wanted.start is not None:
        why = of_text(FIXED["why.past" if wanted.start < today else "why.as_asked"])
        return wanted.start, wanted.start, False, Choice("start", of_day(wanted.start), why, True)
    if begun is not None and begun.known and begun.first >= today:
        why = of_text(FIXED["why.planned"])
        return begun.first, begun.first, False, Choice("start", of_day(begun.first), why, False)
    why = of_text(FIXED["why.not_begun" if truth_of(assessment, "on_treatment") is Truth.NO else "why.not_said"])
    return today, today, False, Choice("start", of_day(today), why, False)


def _next_supply(assessment: Assessment, today: int) -> tuple[int, Sentence]:
    """The day after the capsules on file are used up, as far as the order tells; today where it does not."""
    lasting = [
        (order.day.first + order.days_supply.low - 1)
        for order in judged_orders(assessment.record)
        if order.state == "current" and order.day and order.days_supply
    ]
    last = max(lasting, default=today - 1)
    if last < today:
        return today, of_text(FIXED["why.no_capsules"])
    return last + 1, sentence(FIXED["why.last_until"], day=of_day(last))


def truth_of(assessment: Assessment, fact: str) -> Truth:
    """Whether a fact holds, as far as the file tells."""
    slot = assessment.library.program.slot_named(fact)
    return Truth(assessment.snapshot.state.low[slot]) if slot is not None else Truth.UNKNOWN


# product ---------------------------------------------------------------------------------------------------------------------------
def _product(assessment: Assessment, wanted: Wanted) -> tuple[Product | None, Choice]:
    library = assessment.library
    if wanted.product and (found := library.product(wanted.product)):
        return found, Choice("product", of_text(found.say), of_text(FIXED["why.as_asked"]), True, found.claims)
    if assessment.product is not None:
        found = assessment.product
        return found, Choice("product", of_text(found.say), of_text(FIXED["why.on_file"]), False, found.claims)
    places = library.places(assessment.asked.jurisdiction or assessment.record.jurisdiction)
    sold = [each.name for each in library.products if set(each.markets) & set(places) and not each.withdrawn]
    why = sentence(FIXED["why.sold"], names=", ".join(sold)) if sold else of_text(FIXED["why.no_product"])
    return None, Choice("product", of_text(FIXED["choice.not_known"]), why, False)


def _formulation(assessment: Assessment, product: Product | None) -> str:
    if product is not None:
        return product.formulation
    kinds = {kind for order in judged_orders(assessment.record) for kind in order.formulation}
    return kinds.pop() if len(kinds) == 1 else ""


# dose ------------------------------------------------------------------------------------------------------------------------------
def _steps(assessment: Assessment, wanted: Wanted) -> tuple[tuple[WantedStep, ...], Choice]:
    asked = wanted.steps or ((wanted.dose,) if wanted.dose else ())
    if asked:
        return asked, Choice("dose", _steps_words(asked), of_text(FIXED["why.as_asked"]), True)
    if (order := _ordered(assessment)) is not None and order.daily_dose is not None:
        step = WantedStep(Fraction(order.daily_dose.low, DOSE_STEPS), PER_DAY)
        return (step,), Choice("dose", step_words(step), sentence(FIXED["why.ordered"], order=order.written), False)
    for answer in governing_answers(assessment, "titration"):
        if found := _titrated(answer):
            why = sentence(FIXED["why.steps"], who=of_text(answer.edition.short))
            return found, Choice("dose", _steps_words(found), why, False, answer.claims)
    for point in ("start_dose", "dose_range"):
        for answer in governing_answers(assessment, point):
            low = _common_low(answer)
            if low is not None:
                frame = FIXED["why.start_dose" if point == "start_dose" else "why.lower_end"]
                why = sentence(frame, who=of_text(answer.edition.short))
                return (low,), Choice("dose", step_words(low), why, False, answer.claims)
    return (), Choice("dose", of_text(FIXED["choice.not_known"]), of_text(FIXED["why.no_dose"]), False)


def _titrated(answer: Answer) -> tuple[WantedStep, ...]:
    """The steps of a titration that certainly applies, if every one but the last has a length that is one number; else none."""
    rows = [verdict.row for verdict in answer.verdicts if verdict.applies is Truth.YES]
    steps = [step for step in rows[0].steps if step.what == "dose" and step.low] if len(rows) == 1 else []
    found: list[WantedStep] = []
    for place, step in enumerate(steps):
        length, last = step.length, place == len(steps) - 1
        exactly = length is not None and length.low == length.high
        amount = max(exact(step.low), found[-1].amount if found and found[-1].unit == step.unit else Fraction(0))
        if step.when >= 0 or amount <= 0 or step.unit not in (PER_DAY, PER_KG) or not (exactly or last):
            return ()
        count, unit = (length.low, length.unit) if exactly and length and not last else (None, "days")
        found.append(WantedStep(amount, step.unit, count, unit))
    return tuple(found) if len(found) > 1 else ()


def _common_low(answer: Answer) -> WantedStep | None:
    """The least dose above 0 that lies in every range still reachable; None where there is none, or silence is reachable."""
    rows = [stance.row for stance in answer.stances]
    if not rows or any(row is None or not row.low for row in rows):
        return None
    ranges = [row for row in rows if row is not None]
    low, units = max(exact(row.low) for row in ranges), {row.unit for row in ranges}
    if low <= 0 or any(above(low, row) for row in ranges) or len(units) > 1 or not units <= {PER_DAY, PER_KG}:
        return None
    return WantedStep(low, units.pop())


def _ordered(assessment: Assessment) -> Order | None:
    """The order that is judged, if there is one only and its dose is one number."""
    orders = judged_orders(assessment.record)
    dose = orders[0].daily_dose if len(orders) == 1 else None
    return orders[0] if dose is not None and dose.low == dose.high else None


def step_words(step: WantedStep) -> Sentence:
    """A step as people read it: "0.5 mg/kg/day for 4 weeks"."""
    frame = FIXED["dose.mg_per_kg_a_day" if step.unit == PER_KG else "dose.mg_a_day"]
    dose, count, unit = sentence(frame, mg=of_digits(decimal(step.amount))), step.count, step.length_unit
    if not count:
        return dose
    length = Sentence(counted(count, unit), lambda w: counted(count, unit, w))
    return sentence(FIXED["dose.for"], dose=dose, length=length)


def _steps_words(steps: Sequence[WantedStep]) -> Sentence:
    told = step_words(steps[0])
    for step in steps[1:]:
        told = sentence(FIXED["dose.then"], one=told, other=step_words(step))
    return told


# times a day -----------------------------------------------------------------------------------------------------------------------
def _times(assessment: Assessment, wanted: Wanted) -> tuple[int, Choice]:
    allowed, said = times_allowed(assessment)
    who = joined(dict.fromkeys(of_text(answer.edition.short) for answer in said))
    claims = tuple(dict.fromkeys(claim for answer in said for claim in answer.claims))
    if wanted.times_a_day is not None:
        against = allowed and wanted.times_a_day not in allowed
        why = sentence(FIXED["why.otherwise"], who=who) if against else of_text(FIXED["why.as_asked"])
        return wanted.times_a_day, _times_choice(wanted.times_a_day, why, True, claims)
    order = next(iter(judged_orders(assessment.record)), None)
    ordered = order.times_a_day if order else None
    if ordered is not None and ordered.low == ordered.high and (not allowed or ordered.low in allowed):
        return ordered.low, _times_choice(ordered.low, of_text(FIXED["why.as_ordered"]), False, claims)
    if allowed:
        least = min(allowed)
        why = sentence(FIXED["why.fewer"], who=who) if len(allowed) > 1 else who
        return least, _times_choice(least, why, False, claims)
    return 1, _times_choice(1, of_text(FIXED["why.no_times"]), False, claims)


def _times_choice(times: int, why: str, asked: bool, claims: Sequence[str]) -> Choice:
    frame = {1: "times.once", 2: "times.twice"}.get(times, "times.more")
    return Choice("times_a_day", sentence(FIXED[frame], times=str(times)), why, asked, tuple(claims))


# supplies --------------------------------------------------------------------------------------------------------------------------
SUPPLY_CLAIMS = ("ipledge.supply.days_30", "eu.supply.days_30")


def _supply_days(assessment: Assessment, wanted: Wanted) -> tuple[int, Choice]:
    asked = wanted.supply_days or SUPPLY_DAYS
    days, forbids = longest_supply(assessment, asked)
    who = joined(of_text(assessment.library.edition(key).short) for key in forbids)
    told = sentence(COUNTS["days"][1], n=days)
    if forbids and days < asked:
        return days, Choice("supply_days", told, sentence(FIXED["why.most"], who=who), False, ())
    why = of_text(FIXED["why.as_asked" if wanted.supply_days else "why.longest"])
    return days, Choice(
        "supply_days", told, why, wanted.supply_days is not None, () if wanted.supply_days else SUPPLY_CLAIMS
    )
