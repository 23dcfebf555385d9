"""The words of a plan, the same on every page: what holds it up, its capsules, supplies, totals, forecasts and duties."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from isocourse.course.amounts import Amount, rounded, shown
from isocourse.course.calendar import Entry
from isocourse.course.conversion import Converted
from isocourse.course.forecast import Forecast
from isocourse.course.heading import conditions
from isocourse.course.plan import Bounds, Choice, DoseStep, Plan, Supply, mean_per_kg
from isocourse.course.totals import Progress
from isocourse.decisions.dates import COUNTS, Due, due_words
from isocourse.decisions.sentence import of_digits
from isocourse.decisions.tables import Edition, Row, Status
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.library import Library
from isocourse.logic.truth import Truth
from isocourse.logic.units import decimal
from isocourse.render.plan_frames import APPLIES, CHOICES, END, FITS, FIXED, SAYS, STATES, TOTAL
from isocourse.render.ranges import amount_words, range_words
from isocourse.render.words import FORCE, STATUS, VERBS, names, position_words, short

NOT_LAID_OUT = FIXED["plan.not_laid_out"]
EMPTIED = FIXED["plan.emptied"]


def condition_lines(plan: Plan) -> list[str]:
    """Every open condition with whoever asks for it, and the facts that are not known by name."""
    w, library, told = plan.assessment.words, plan.assessment.library, []
    for condition in conditions(plan):
        facts = names(library, condition.facts, len(condition.facts), w)
        told.append(f"{w(condition.line)}: {facts}" if facts else w(condition.line))
    return told


# capsules -----------------------------------------------------------------------------------------------------------------------
def supply_words(supply: Supply, w: Wording = ENGLISH) -> str:
    """The capsules and packs of a supply."""
    capsules = _both(
        [w(FIXED["supply.capsules"], n=count, mg=w.number(decimal(mg))) for mg, count in supply.capsules], w
    )
    packs = _both(
        [
            w(FIXED["supply.pack" if count == 1 else "supply.packs"], n=count, mg=w.number(decimal(mg)))
            for mg, count in supply.packs
        ],
        w,
    )
    return f"{capsules} ({packs})" if packs else capsules or w(NOT_LAID_OUT)


def _both(parts: Sequence[str], w: Wording) -> str:
    told, *others = [*parts] or [""]
    for other in others:
        told = w(FIXED["plan.both"], one=told, other=other)
    return told


def span_words(first: int, last: int, w: Wording = ENGLISH) -> str:
    """Days from the first to the last, with how many they are."""
    days = last - first + 1
    return w(FIXED["plan.span"], first=w.day(first), last=w.day(last), days=w(COUNTS["days"][days != 1], n=days))


def pause_words(first: int, last: int, why: str, w: Wording = ENGLISH) -> str:
    """A break, with why as whoever asked for it wrote."""
    span = span_words(first, last, w)
    return f"{span}: {why}" if why else span


# dose -----------------------------------------------------------------------------------------------------------------------------
def asked_words(step: DoseStep, w: Wording = ENGLISH) -> str:
    """What was asked of a step, in mg/day at its weight."""
    if "kg" not in step.wanted:
        return w(step.wanted)
    mg = w.number(rounded(step.target_mg, 2))
    if step.weight is None:
        return w(FIXED["dose.asked"], asked=w(step.wanted), mg=mg)
    return w(FIXED["dose.asked_at"], asked=w(step.wanted), mg=mg, kg=w(shown(step.weight.kg)))


def mean_words(step: DoseStep, w: Wording = ENGLISH) -> str:
    """What the capsules of a step come to."""
    if step.pattern is None:
        return "-"
    per_kg, mg = mean_per_kg(step), w.number(rounded(step.pattern.mean_mg, 2))
    if per_kg is None:
        return w(FIXED["dose.mean_no_weight"], mg=mg)
    return w(FIXED["dose.mean"], mg=mg, per_kg=w(shown(per_kg, 3)))


def days_words(step: DoseStep, w: Wording = ENGLISH) -> str:
    """The days of a step."""
    if step.open:
        return w(FIXED["dose.open"], day=w.day(step.first))
    return span_words(step.first, step.last, w)


def broken_bounds(step: DoseStep) -> list[Bounds]:
    """The ranges that a step breaks, the governing ones first."""
    found = [bound for bound in step.bounds if bound.fits in ("above", "below")]
    return sorted(found, key=lambda bound: not bound.governs)


def inside_words(step: DoseStep, w: Wording = ENGLISH) -> str:
    """Inside how many of the ranges a step lies."""
    inside = sum(bound.fits == "within" for bound in step.bounds)
    if not step.bounds:
        return w(FIXED["bounds.none"])
    return w(FIXED["bounds.inside"], inside=str(inside), all=str(len(step.bounds)))


def bound_words(plan: Plan, bound: Bounds) -> str:
    """A range beside a step, whose it is, and how the step stands to it."""
    w, row = plan.assessment.words, bound.row
    figure = range_words(row, w)
    if row.unit == "mg/kg/day":
        low, high = rounded(bound.low), rounded(bound.high)
        figure = f"{figure} ({amount_words(low, high, 'mg/day', 'any', w, below=row.below)})"
    whose = own_words(who(plan, bound.edition, bound.position), w, governs=bound.governs)
    said = w(FIXED["bounds.said"], how=w(FITS[bound.fits]), who=whose, force=w(FORCE[row.force]), figure=figure)
    return w(FIXED["bounds.other_form"], said=said) if bound.fits == "other_formulation" else said


# who says ------------------------------------------------------------------------------------------------------------------------
def edition_of(plan: Plan, key: str) -> Edition:
    """The edition by its key."""
    return plan.assessment.library.edition(key)


def who(plan: Plan, key: str, position: str) -> str:
    """The short name of an edition, with the position where it has one of its own."""
    w = plan.assessment.words
    told = short(edition_of(plan, key), w)
    return f"{told} ({position_words(position, w)})" if position and position != "main" else told


def own_words(name: str, w: Wording = ENGLISH, *, governs: bool) -> str:
    """A name, with whether it governs."""
    return w(FIXED["who.governing"], who=name) if governs else name


def governing_words(plan: Plan) -> str:
    """What governs the course."""
    w = plan.assessment.words
    if plan.governs:
        titles = "; ".join(w(edition_of(plan, key).title) for key in plan.governs)
        return w(FIXED["who.govern"], titles=titles)
    return w(FIXED["who.nobody"])


# totals and forecasts -------------------------------------------------------------------------------------------------------------
def progress_words(progress: Progress, w: Wording = ENGLISH) -> str:
    """How the total stands against one target, or that none is set."""
    if progress.says == "no_target":
        return w(FIXED["progress.none"])
    if progress.low is None or progress.high is None:
        return status_words(progress.says, w)
    target = amount_words(decimal(progress.low), decimal(progress.high), "mg/kg", progress.formulation, w)
    if progress.by_latest == "other_formulation":
        return w(FIXED["progress.not_compared"], target=target)
    latest, period = (said_words(how, w) for how in (progress.by_latest, progress.by_period))
    if latest == period:
        return w(FIXED["progress.either"], target=target, how=latest)
    return w(FIXED["progress.both"], target=target, latest=latest, period=period)


def said_words(how: str, w: Wording = ENGLISH) -> str:
    """How a total stands to a target, in words."""
    return w(SAYS[how]) if how in SAYS else w(how.replace("_", " "))


def status_words(says: str, w: Wording = ENGLISH) -> str:
    """The words of a cell that gives no figure."""
    return w(STATUS[Status(says)]) if says in {each.value for each in Status} else said_words(says, w)


def converted_words(library: Library, found: Converted, kg: Amount | None, w: Wording = ENGLISH) -> tuple[str, str]:
    """A total in other milligrams by one claim, and the claim as it stands in English; it stands beside the total and enters none."""
    parts = {"mg": w(shown(found.mg, 0)), "other_mg": w(shown(found.other_mg, 0)), "other": _product(library, found, w)}
    amount = w(FIXED["converted.said"], **parts)
    if kg is not None:
        amount = w(FIXED["converted.per_kg"], said=amount, per_kg=w(shown(found.other_mg.over(kg))))
    state = f"; {found.state}" if found.state != "unstated" else ""
    against = f"; DISPUTED: {found.note}" if found.disputed else f"; {found.note}" if found.note else ""
    return amount, f"{found.finding}{state}{against} [{', '.join(found.claims)}]"


def _product(library: Library, found: Converted, w: Wording) -> str:
    product = library.product(found.other)
    return w(product.say) if product is not None and w.language != "en" else found.other.replace("_", " ")


TELLS_NOTHING = ("not_read", "silent", "silent_here", "not_applicable", "outside")
"""Kinds of forecast that name no day and no condition: one line for each kind is enough."""


def forecast_words(library: Library, forecast: Forecast, w: Wording = ENGLISH, *, full: bool = True) -> str:
    """What one rule says of the end, or when one target is reached; where it says nothing, without `full`, not where we looked.

    Where we looked stands in English alone, so another language leaves it out.
    """
    note = f" ({w(forecast.note)})" if forecast.note else ""
    if forecast.kind in TELLS_NOTHING:
        return f"{status_words(forecast.kind, w)}{note if full and w.language == 'en' else ''}"
    told = _total_words(forecast, w) if forecast.rule == "cumulative_target" else _end_words(forecast, w)
    if forecast.depends_on:
        told = w(FIXED["forecast.depends"], said=told, facts=names(library, forecast.depends_on, w=w))
    return f"{told}{note}"


def _first_words(forecast: Forecast, w: Wording) -> str:
    return w.day(forecast.first) if forecast.first is not None else w(FIXED["forecast.no_day"])


def _end_words(forecast: Forecast, w: Wording) -> str:
    first, kind = _first_words(forecast, w), forecast.kind
    rule = "again" if forecast.rule == "retreatment" else "end"
    frame = END.get(f"{rule}.{kind}") or END.get(kind)
    told = w(frame, day=first) if frame else status_words(kind, w)
    if forecast.last is not None:
        return w(FIXED["forecast.should_end"], said=told, day=w.day(forecast.last))
    return told


def _total_words(forecast: Forecast, w: Wording) -> str:
    frame = TOTAL.get(forecast.kind)
    told = w(frame, day=_first_words(forecast, w)) if frame else status_words(forecast.kind, w)
    if forecast.last is not None:
        return w(FIXED["forecast.upper_end"], said=told, day=w.day(forecast.last))
    return told


# duties --------------------------------------------------------------------------------------------------------------------------
def duty_what(entry: Entry, w: Wording = ENGLISH) -> str:
    """What is to be done, kept up or avoided, with its force."""
    return w(FIXED["duty.said"], force=w(FORCE[entry.row.force]), what=bare_duty(entry, w))


def bare_duty(entry: Entry, w: Wording = ENGLISH) -> str:
    """What is to be done, kept up or avoided."""
    assert entry.row.duty is not None
    what = w(entry.point.say_of(entry.row.duty.what))
    return what if entry.row.duty.verb == "do" else w(VERBS[entry.row.duty.verb], what=what, when="").strip()


def window_words(entry: Entry, w: Wording = ENGLISH) -> str:
    """The days of a duty, or what they depend on."""
    return due_words(Due(entry.first, entry.last, entry.depends_on), w) or w(FIXED["duty.no_day"])


def state_of(entry: Entry, as_of: int) -> str:
    """Where a day stands in the window of a duty: too early, open, closed; or that it has no day yet."""
    assert entry.row.duty is not None
    early, open_, over = STATES[entry.row.duty.verb]
    if entry.first is None and entry.last is None:
        return NO_DAY
    if entry.first is not None and as_of < entry.first:
        return early
    if entry.last is not None and as_of > entry.last:
        return over
    return open_ if entry.first is not None else NO_DAY


NO_DAY = FIXED["state.no_day"]


def state_words(entry: Entry, as_of: int, w: Wording = ENGLISH) -> str:
    """The same in words."""
    return w(state_of(entry, as_of))


def applies_words(entry: Entry, w: Wording = ENGLISH) -> str:
    """Whether the duty is sure to apply; nothing if it is."""
    return "" if entry.applies is Truth.YES else w(APPLIES[entry.as_stands])


def shown_words(entry: Entry, w: Wording = ENGLISH) -> str:
    """Whether the file shows the duty met."""
    if entry.shown is Truth.UNKNOWN:
        return ""
    return w(FIXED["duty.shown" if entry.shown is Truth.YES else "duty.not_met"])


def entry_notes(entry: Entry, w: Wording = ENGLISH) -> str:
    """How the source counts, whether it applies, what the file shows, and marks: in one line."""
    counted = w(FIXED["duty.counted"], how=w(entry.counted)) if entry.counted else ""
    marks = (w(mark) for mark in entry.marks)
    return "; ".join(part for part in (counted, applies_words(entry, w), shown_words(entry, w), *marks) if part)


def live(entries: Iterable[Entry]) -> list[Entry]:
    """The duties that apply or may, dated ones by day and the governing first, undated ones at the end."""
    held = [entry for entry in entries if entry.applies is not Truth.NO]
    return sorted(held, key=lambda entry: (_day(entry) is None, _day(entry) or 0, not entry.governs, entry.uid))


def _day(entry: Entry) -> int | None:
    return entry.first if entry.first is not None else entry.last


# the rest ------------------------------------------------------------------------------------------------------------------------
def choice_name(choice: Choice, w: Wording = ENGLISH) -> str:
    """What a plan rests on, by name."""
    return w(CHOICES[choice.name])


def choice_words(choice: Choice, w: Wording = ENGLISH) -> str:
    """One thing that the plan rests on, and whether it was asked for."""
    how = FIXED["choice.asked" if choice.asked else "choice.default"]
    value = w(choice.value)
    if not choice.why or choice.why == how:
        return w(FIXED["choice.said"], value=value, how=w(how))
    return w(FIXED["choice.why"], value=value, how=w(how), why=w(choice.why))


def row_claims(rows: Iterable[Row]) -> list[str]:
    """The claims behind rows, each once."""
    return list(dict.fromkeys(claim for row in rows for claim in row.claims))


def either(amount: Amount | None, unit: str, w: Wording = ENGLISH, places: int = 1) -> str:
    """An amount with its unit, or that it is not known."""
    return f"{w(shown(amount, places))} {w(unit)}" if amount is not None else w(FIXED["plan.not_known"])


def mg_words(mg: Fraction, w: Wording = ENGLISH) -> str:
    """Milligrams, to two places."""
    return w(FIXED["plan.mg"], mg=w(of_digits(rounded(mg, 2))))
