"""A simulation as text: tables in which every number has its definition and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from isocourse.render.simulation_report import JsonQuantity, quantities
from isocourse.render.simulation_words import in_words

if TYPE_CHECKING:
    from isocourse.kinetics.calibration import Calibration, Scored
    from isocourse.kinetics.knowledge import KineticKnowledge
    from isocourse.kinetics.outcome import Outcome
    from isocourse.kinetics.parameters import Model


def page(outcomes: Sequence[Outcome], knowledge: KineticKnowledge, width: int, taken: Sequence[str] = ()) -> str:
    """The whole answer: one regimen in full, or several side by side."""
    lines = _head(outcomes[0])
    if taken:
        lines += ["", "From the record: " + "; ".join(taken) + "."]
    if len(outcomes) == 1:
        lines += ["", *_one(outcomes[0])]
    else:
        lines += ["", *_side_by_side(outcomes)]
    lines += ["", *_foot(knowledge)]
    return "\n".join(folded for line in lines for folded in _folded(line, width)) + "\n"


def _head(outcome: Outcome) -> list[str]:
    people = outcome.simulation.population
    sex = {None: "mixed", True: "female", False: "male"}[people.female]
    spread = f", log-SD {people.weight_log_sd:g}" if people.weight_log_sd else ", the same for all"
    who = (
        f"{people.n:,} virtual {people.age_group}s, seed {people.seed}; {people.weight_kg:g} kg{spread}; "
        f"variability as among {_VARIABILITY[people.variability]}; sex for relapse: {sex}."
    )
    extras = [
        word
        for word, on in (
            ("variation of F from dose to dose (assumed)", outcome.simulation.options.occasions),
            ("tretinoin (low confidence)", outcome.simulation.options.tretinoin),
            ("bile recycling (low confidence)", outcome.simulation.options.recycling),
        )
        if on
    ]
    return [
        "SIMULATION, not advice: levels in plasma from the drug alone, by a model fitted to published means.",
        who + (f" Switched on: {', '.join(extras)}." if extras else ""),
    ]


_VARIABILITY = {
    "healthy": "healthy volunteers",
    "clinic": "clinic patients (clearance varies more; a judgement)",
    "none": "nobody: every patient typical",
}


def _one(outcome: Outcome) -> list[str]:
    lines = [f"Regimen: {in_words(outcome.regimen)}."]
    head = ("quantity", "unit", "mean", "CV %", "geo. mean", "5 %", "median", "95 %", "n", "rests on")
    rows = [_row(each) for each in quantities(outcome)]
    lines += ["", *_table(head, rows)]
    lines += ["", *_extras(outcome)]
    lines += ["", "What each quantity is:"]
    lines += [f"  {each.name}: {each.definition}." for each in quantities(outcome)]
    return lines


def _row(each: JsonQuantity) -> tuple[str, ...]:
    return (
        each.name,
        each.unit,
        number(each.mean) if not each.beyond else f"{each.beyond} beyond",
        number(each.cv_percent),
        number(each.geometric_mean),
        _percentile(each.p5),
        _percentile(each.p50),
        _percentile(each.p95),
        f"{each.n:,}",
        each.basis,
    )


def _percentile(value: float | None) -> str:
    return "beyond" if value is None else number(value)


def _extras(outcome: Outcome) -> list[str]:
    lines = []
    if outcome.washout:
        shares = ", ".join(f"day {day} {100 * share:.1f} %" for day, share in outcome.washout)
        lines.append(
            f"Patients with parent and 4-oxo below endogenous after the last dose: {shares}. "
            "The endogenous level of 4-oxo is remembered, not read."
        )
    lines.append(f"Relapse: {_relapse(outcome)}.")
    lines.append(f"Capsules: {_capsules(outcome)}.")
    return lines


def _relapse(outcome: Outcome) -> str:
    parts = [
        f"within {years:g} year{'s' if years != 1 else ''} {100 * s.middle:.0f} % ({100 * s.low:.0f} to {100 * s.high:.0f})"
        for years, s in outcome.relapse
    ]
    return (
        f"{', '.join(parts)} of a cohort with this total dose; a cohort association, not a forecast for a patient, "
        "and not worked out from sebum"
    )


def _capsules(outcome: Outcome) -> str:
    if outcome.capsules is not None:
        strengths = ", ".join(f"{each:g}" for each in outcome.regimen.strengths)
        return f"{outcome.capsules} as planned, the fewest from strengths of {strengths} mg"
    if not outcome.regimen.strengths:
        return "unknown; no strengths given (--strengths 10,20)"
    return "unknown; a dose cannot be made up from these strengths"


_COMPARED = (
    ("dose_mg_per_kg", "total dose, mg/kg"),
    ("parent.mean", "isotretinoin, mean of last day, ng/mL"),
    ("parent.auc", "isotretinoin, area, ng h/mL"),
    ("parent.cmax", "isotretinoin, highest, ng/mL"),
    ("parent.trough", "isotretinoin, trough, ng/mL"),
    ("oxo.mean", "4-oxo, mean of last day, ng/mL"),
    ("washout_days", "days to below endogenous"),
    ("sebum.end", "sebum at the end, of baseline"),
    ("sebum.lowest", "lowest sebum, of baseline"),
)


def _side_by_side(outcomes: Sequence[Outcome]) -> list[str]:
    lines = [f"{chr(65 + n)}: {each.regimen.name} - {in_words(each.regimen)}." for n, each in enumerate(outcomes)]
    held = [{each.name: each for each in quantities(outcome)} for outcome in outcomes]
    names = [*_COMPARED, *((name, _recovery_words(name)) for name in held[0] if name.startswith("sebum.weeks_to"))]
    rows = [
        (words, *(_spread(each[name]) for each in held), held[0][name].basis)
        for name, words in names
        if name in held[0]
    ]
    for day, _ in outcomes[0].washout:
        shares = [dict(outcome.washout).get(day) for outcome in outcomes]
        rows.append(
            (
                f"below endogenous on day {day}",
                *("-" if s is None else f"{100 * s:.1f} %" for s in shares),
                "remembered level",
            )
        )
    for place, (years, _) in enumerate(outcomes[0].relapse):
        shares_ = [outcome.relapse[place][1] for outcome in outcomes]
        cells = (f"{100 * s.middle:.0f} % ({100 * s.low:.0f}-{100 * s.high:.0f})" for s in shares_)
        rows.append((f"relapse within {years:g} y", *cells, "cohort association"))
    counts = ("unknown" if each.capsules is None else f"{each.capsules}" for each in outcomes)
    rows.append(("capsules", *counts, "exact"))
    head = ("median (5 to 95 %)", *(chr(65 + n) for n in range(len(outcomes))), "rests on")
    return [*lines, "", *_table(head, rows)]


def _recovery_words(name: str) -> str:
    return f"weeks after stop to sebum {name.rpartition('_')[2]}"


def _spread(each: JsonQuantity) -> str:
    if each.p5 == each.p95 and each.p50 is not None:
        return number(each.p50)
    low, middle, high = (_percentile(value) for value in (each.p5, each.p50, each.p95))
    return f"{middle} ({low} to {high})"


def _foot(knowledge: KineticKnowledge) -> list[str]:
    lines = ["How far it can be trusted:"]
    lines += [f"  {part}: {words}" for part, words in knowledge.model.confidence]
    lines += ["", "What it cannot answer, and why:"]
    lines += [f"  {each.says}" for each in knowledge.unanswered]
    lines += ["", "Our figures beside the published ones: isocourse simulate --calibration."]
    return lines


def calibration_page(found: Calibration, width: int) -> str:
    """Published figures beside ours: fitted and not fitted, each with its score, remembered numbers apart, misses as misses."""
    lines = [f"The model beside what was published; {found.n:,} virtual patients, seed {found.seed}."]
    for title, fitted, remembered in _KINDS:
        chosen = [each for each in found.items if each.item.fitted is fitted and each.item.remembered is remembered]
        if not chosen:
            continue
        score = found.score(fitted=fitted, remembered=remembered)
        lines += ["", f"{title}: {score.inside} of {score.of} inside their bands", ""]
        rows = [_scored_row(each) for each in chosen]
        lines += _table(("", "what", "published", "ours", "band", "unit", ""), rows)
    lines += ["", f"Misses, not tuned away ({len(found.misses)}):"]
    lines += [f"  {each.item.id}: {each.item.note or 'no reason is known.'}" for each in found.misses]
    return "\n".join(folded for line in lines for folded in _folded(line, max(width, 120))) + "\n"


_KINDS = (
    ("FITTED (these numbers chose the parameters; agreement proves little)", True, False),
    ("NOT FITTED", False, False),
    ("FITTED, resting on a remembered number", True, True),
    ("NOT FITTED, resting on a remembered number", False, True),
)


def _scored_row(each: Scored) -> tuple[str, ...]:
    item = each.item
    says = item.says if len(item.says) <= LONGEST_SAYING else item.says[: LONGEST_SAYING - 3] + "..."
    band = f"{number(item.low)} to {number(item.high)}"
    return item.id, says, item.published, number(each.value), band, item.unit, "inside" if each.inside else "MISS"


LONGEST_SAYING = 72


def statements_page(knowledge: KineticKnowledge, found: Mapping[str, float], width: int) -> str:
    """Each statement of the review on kinetics and mechanism, with our figure or why there is none."""
    lines = ["What the review says on kinetics and mechanism, and the model's own figure:", ""]
    for each in knowledge.statements:
        if each.computes:
            lines.append(f"{each.id}  {each.says}: {number(found[each.id])} {each.unit} [{each.marked}]")
        else:
            lines.append(f"{each.id}  {each.says}: no figure. {each.why}")
    return "\n".join(folded for line in lines for folded in _folded(line, width)) + "\n"


def unanswered_page(knowledge: KineticKnowledge, width: int) -> str:
    """What the model cannot answer, and why."""
    lines = [f"{each.ask}: {each.says}" for each in knowledge.unanswered]
    return "\n".join(folded for line in lines for folded in _folded(line, width)) + "\n"


def parameters_page(model: Model, width: int) -> str:
    """Equations, and every parameter with unit, spread, source and mark."""
    lines = [*_EQUATIONS, ""]
    for name, part in _parts(model):
        for field in part.__dataclass_fields__:  # type: ignore[attr-defined]  # every part is a dataclass
            held = getattr(part, field)
            if hasattr(held, "mark"):
                spread = f", log-SD {held.log_sd:g}" if held.log_sd else ""
                basis = ", ".join(held.sources) or "no source"
                words = f"{name}.{field} = {held.value:g} {held.unit}{spread} [{held.mark}; {basis}] {held.assumption} {held.note}"
                lines.append(words.strip())
    return "\n".join(folded for line in lines for folded in _folded(line, width)) + "\n"


def _parts(model: Model) -> Iterable[tuple[str, object]]:
    yield "disposition", model.disposition
    yield from ((f"absorption.{each.formulation}.{each.food}", each) for each in model.absorption)
    names = ("endogenous", "tretinoin", "recycling", "noise", "sebum", "lesions", "relapse")
    yield from ((name, getattr(model, name)) for name in names)


_EQUATIONS = (
    "gut: dA/dt = -ka A, each dose entering F x dose after its lag",
    "central: dC/dt = ka A - (CL/Vc + Q/Vc) C + (Q/Vp) P;  peripheral: dP/dt = (Q/Vc) C - (Q/Vp) P",
    "4-oxo: dM/dt = (CL/Vc) C - km M;  levels: 1000 C/Vc, 1000 x 1.0465 M/Vm in ng/mL",
    "sebum: I = Imax c/(IC50+c), L = kL c/(LC50+c); dR/dt = kR (1-R) - L R; dG/dt = kG (R (1-I) - G); dS/dt = kS (G - S)",
    "c is the mean plasma level of the day; every state is carried over exactly (error below 1e-9), whatever the grid",
)


SMALLEST = 1e-9
"""Below this a number is rounding, and shown as 0."""


def number(value: float | None) -> str:
    """A number with three digits that count.

    >>> number(12345.6), number(0.01234), number(None), number(2.0)
    ('12,346', '0.0123', '-', '2')
    """
    if value is None:
        return "-"
    if abs(value) < SMALLEST:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)
    ]


def _folded(line: str, width: int) -> list[str]:
    """A line of prose folded to the width; a row of a table, with gaps in it, is left whole."""
    if len(line) <= width or "   " in line.strip() or "  " in line.strip()[8:]:
        return [line]
    indent = len(line) - len(line.lstrip())
    return wrap(line, width, subsequent_indent=" " * (indent + 2), break_long_words=False) or [line]
