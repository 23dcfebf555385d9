"""The words of a plan, the same on every page: what holds it up, its capsules, supplies, totals, forecasts and duties."""

from __future__ import annotations

from collections.abc import Iterable

from isocourse.course.amounts import Amount, rounded, shown
from isocourse.course.calendar import Entry
from isocourse.course.conversion import Converted
from isocourse.course.forecast import Forecast
from isocourse.course.heading import conditions
from isocourse.course.plan import Bounds, Choice, DoseStep, Plan, Supply, mean_per_kg
from isocourse.course.totals import Progress
from isocourse.decisions.tables import Edition, Row, Status, words
from isocourse.facts.days import show
from isocourse.library import Library
from isocourse.logic.truth import Truth
from isocourse.logic.units import decimal
from isocourse.render.words import FORCE, STATUS, names, short

NOT_LAID_OUT = "NOT SETTLED: no capsules are laid out"
EMPTIED = "While a red line holds there is no dose, no supply and no date of a supply here."


def condition_lines(plan: Plan) -> list[str]:
    """Every open condition with whoever asks for it, and the facts that are not known by name."""
    told = []
    for condition in conditions(plan):
        facts = f": {names(plan.assessment.library, condition.facts, len(condition.facts))}" if condition.facts else ""
        told.append(f"{condition.line}{facts}")
    return told


# capsules -----------------------------------------------------------------------------------------------------------------------
def supply_words(supply: Supply) -> str:
    """The capsules and packs of a supply."""
    capsules = " and ".join(f"{count} capsules of {decimal(mg)} mg" for mg, count in supply.capsules)
    packs = " and ".join(f"{count} pack{'' if count == 1 else 's'} of {decimal(mg)} mg" for mg, count in supply.packs)
    return f"{capsules} ({packs})" if packs else capsules or NOT_LAID_OUT


def span_words(first: int, last: int) -> str:
    """Days from the first to the last, with how many they are."""
    days = last - first + 1
    return f"{show(first)} to {show(last)} ({days} day{'' if days == 1 else 's'})"


# dose -----------------------------------------------------------------------------------------------------------------------------
def asked_words(step: DoseStep) -> str:
    """What was asked of a step, in mg/day at its weight."""
    mg = rounded(step.target_mg, 2)
    weight = f" at {shown(step.weight.kg)} kg" if step.weight else ""
    return f"{step.wanted} = {mg} mg/day{weight}" if "kg" in step.wanted else step.wanted


def mean_words(step: DoseStep) -> str:
    """What the capsules of a step come to."""
    if step.pattern is None:
        return "-"
    per_kg = mean_per_kg(step)
    kg = f", {shown(per_kg, 3)} mg/kg/day" if per_kg else ", mg/kg/day not known: no weight"
    return f"{rounded(step.pattern.mean_mg, 2)} mg/day{kg}"


def broken_bounds(step: DoseStep) -> list[Bounds]:
    """The ranges that a step breaks, the governing ones first."""
    found = [bound for bound in step.bounds if bound.fits in ("above", "below")]
    return sorted(found, key=lambda bound: not bound.governs)


def bound_words(plan: Plan, bound: Bounds) -> str:
    """A range beside a step, whose it is, and how the step stands to it."""
    row = bound.row
    mg = f" ({rounded(bound.low)} to {rounded(bound.high)} mg/day)" if row.unit == "mg/kg/day" else ""
    form = "" if row.of == "any" else f" of {row.of} capsules"
    figure = f"{row.low} to {row.high} {row.unit}{form}{mg}"
    how = {"above": "ABOVE", "below": "BELOW", "within": "within", "other_formulation": "not compared with"}[bound.fits]
    own = " (governing)" if bound.governs else ""
    why = "; its milligrams are of another formulation" if bound.fits == "other_formulation" else ""
    return f"{how} {who(plan, bound.edition, bound.position)}{own}: {FORCE[row.force]}: {figure}{why}"


# who says ------------------------------------------------------------------------------------------------------------------------
def edition_of(plan: Plan, key: str) -> Edition:
    """The edition by its key."""
    return plan.assessment.library.edition(key)


def who(plan: Plan, key: str, position: str) -> str:
    """The short name of an edition, with the position where it has one of its own."""
    name = position.replace("_", " ")
    return short(edition_of(plan, key)) + (f" ({name})" if name and name != "main" else "")


def governing_words(plan: Plan) -> str:
    """What governs the course."""
    if plan.governs:
        return "Governing: " + "; ".join(words(edition_of(plan, key).title) for key in plan.governs)
    return "No governing protocol: none is known or read for this course, and none takes its place."


# totals and forecasts -------------------------------------------------------------------------------------------------------------
def progress_words(progress: Progress) -> str:
    """How the total stands against one target, or that none is set."""
    if progress.says == "no_target":
        return "no target: aims at no total"
    if progress.low is None or progress.high is None:
        return status_words(progress.says)
    form = "" if progress.formulation == "any" else f" of {progress.formulation} capsules"
    target = f"{decimal(progress.low)} to {decimal(progress.high)} mg/kg{form}"
    if progress.by_latest == "other_formulation":
        return f"target {target}: not compared, its milligrams are of another formulation"
    latest, period = (how.replace("_", " ") for how in (progress.by_latest, progress.by_period))
    same = f"{latest} by either weight"
    return f"target {target}: {same if latest == period else f'{latest} by the latest weight, {period} by the weight of each time'}"


def status_words(says: str) -> str:
    """The words of a cell that gives no figure."""
    return STATUS[Status(says)] if says in {each.value for each in Status} else says.replace("_", " ")


def converted_words(library: Library, found: Converted, kg: Amount | None) -> str:
    """A total in other milligrams by one claim, with what speaks against it; it stands beside the total and enters none."""
    per_kg = f", {shown(found.other_mg.over(kg))} mg/kg" if kg is not None else ""
    state = f"; {found.state}" if found.state != "unstated" else ""
    against = f"; DISPUTED: {found.note}" if found.disputed else f"; {found.note}" if found.note else ""
    amount = f"{shown(found.mg, 0)} mg as {shown(found.other_mg, 0)} mg of {found.other.replace('_', ' ')}{per_kg}"
    return f"{amount}: {found.finding}{state}{against} [{', '.join(found.claims)}]"


TELLS_NOTHING = ("not_read", "silent", "silent_here", "not_applicable", "outside")
"""Kinds of forecast that name no day and no condition: one line for each kind is enough."""


def forecast_words(library: Library, forecast: Forecast, *, full: bool = True) -> str:
    """What one rule says of the end, or when one target is reached; where it says nothing, without `full`, not where we looked."""
    note = f" ({forecast.note})" if forecast.note else ""
    if forecast.kind in TELLS_NOTHING:
        return f"{status_words(forecast.kind)}{note if full else ''}"
    depends = f"; depends on {names(library, forecast.depends_on)}" if forecast.depends_on else ""
    told = _total_words(forecast) if forecast.rule == "cumulative_target" else _end_words(forecast)
    return f"{told}{depends}{note}"


def _end_words(forecast: Forecast) -> str:
    first = show(forecast.first) if forecast.first is not None else "a day that is not known yet"
    last = f"; should end by {show(forecast.last)} whatever else is found" if forecast.last is not None else ""
    opens = "a further course may begin" if forecast.rule == "retreatment" else "may end"
    told = {
        "dated": f"{opens} on {first}",
        "not_before": f"{opens} not before {first}",
        "reached": f"{opens} now",
        "not_within": "not within the days looked at",
        "open": "sets no end",
    }.get(forecast.kind, status_words(forecast.kind))
    return f"{told}{last}"


def _total_words(forecast: Forecast) -> str:
    first = show(forecast.first) if forecast.first is not None else "a day that is not known yet"
    last = f"; its upper end is surely reached by {show(forecast.last)}" if forecast.last is not None else ""
    told = {
        "dated": f"its target is reached on {first}",
        "not_before": f"its target is reached not before {first}",
        "reached": "its target is reached already",
        "not_within": "its target is not reached within the days looked at",
        "open": "no total has to be reached",
        "other_formulation": "its target counts other capsules",
    }.get(forecast.kind, status_words(forecast.kind))
    return f"{told}{last}"


# duties --------------------------------------------------------------------------------------------------------------------------
def duty_what(entry: Entry) -> str:
    """What is to be done, kept up or avoided, with its force."""
    assert entry.row.duty is not None
    verb = {"do": "", "keep_up": "keep up ", "avoid": "avoid "}[entry.row.duty.verb]
    return f"{FORCE[entry.row.force]}: {verb}{words(entry.point.say_of(entry.row.duty.what))}"


def window_words(entry: Entry) -> str:
    """The days of a duty, or what they depend on."""
    if entry.first is not None and entry.last is not None:
        return show(entry.first) if entry.first == entry.last else f"{show(entry.first)} to {show(entry.last)}"
    parts = [f"from {show(entry.first)}"] if entry.first is not None else []
    parts += [f"until {show(entry.last)}"] if entry.last is not None else []
    if entry.depends_on:
        parts.append(f"depends on {' and '.join(entry.depends_on)}")
    return ", ".join(parts) or "no day"


STATES = {
    "do": ("too early", "open", "closed"),
    "keep_up": ("not yet", "now", "over"),
    "avoid": ("not yet", "now", "over"),
}
NO_DAY = "no day yet"


def state_words(entry: Entry, as_of: int) -> str:
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


def applies_words(entry: Entry) -> str:
    """Whether the duty is sure to apply; nothing if it is."""
    if entry.applies is Truth.YES:
        return ""
    return {
        Truth.YES: "if things stay as they are today",
        Truth.UNKNOWN: "if it applies: not known today",
        Truth.NO: "only if things change",
    }[entry.as_stands]


def shown_words(entry: Entry) -> str:
    """Whether the file shows the duty met."""
    return {Truth.YES: "shown on file", Truth.NO: "NOT MET: the file shows otherwise", Truth.UNKNOWN: ""}[entry.shown]


def entry_notes(entry: Entry) -> str:
    """How the source counts, whether it applies, what the file shows, and marks: in one line."""
    counted = f"the source counts: {entry.counted}" if entry.counted else ""
    return "; ".join(part for part in (counted, applies_words(entry), shown_words(entry), *entry.marks) if part)


def live(entries: Iterable[Entry]) -> list[Entry]:
    """The duties that apply or may, dated ones by day and the governing first, undated ones at the end."""
    held = [entry for entry in entries if entry.applies is not Truth.NO]
    return sorted(held, key=lambda entry: (_day(entry) is None, _day(entry) or 0, not entry.governs, entry.uid))


def _day(entry: Entry) -> int | None:
    return entry.first if entry.first is not None else entry.last


# the rest ------------------------------------------------------------------------------------------------------------------------
def choice_words(choice: Choice) -> str:
    """One thing that the plan rests on, and whether it was asked for."""
    how = "asked for" if choice.asked else "default"
    why = f": {choice.why}" if choice.why and choice.why != how else ""
    return f"{choice.value} ({how}{why})"


def row_claims(rows: Iterable[Row]) -> list[str]:
    """The claims behind rows, each once."""
    return list(dict.fromkeys(claim for row in rows for claim in row.claims))


def either(amount: Amount | None, unit: str, places: int = 1) -> str:
    """An amount with its unit, or that it is not known."""
    return f"{shown(amount, places)} {unit}" if amount is not None else "not known"
