"""The entries of Today as lines of text, the same for the terminal and for the JSON."""

from __future__ import annotations

from isocourse.decisions.answers import Answer, Verdict
from isocourse.decisions.gate import Gate
from isocourse.decisions.kept import Kept
from isocourse.decisions.tables import OrderCheck, Status, Tactic, words
from isocourse.decisions.today import Breach, Missing, Parting, RedFinding
from isocourse.facts.courses import work_out
from isocourse.library import Assessment
from isocourse.logic.truth import Truth
from isocourse.logic.units import decimal
from isocourse.render.arithmetic import weight_needed
from isocourse.render.words import (
    STATUS,
    answer_words,
    claim_line,
    fact_words,
    label,
    names,
    reason_lines,
    short_of,
    stance_words,
    verdict_words,
)

OBTAIN = {"look": "look in the file", "ask": "ask", "measure": "measure", "refer": "refer"}
PARTING = {
    "opposed": "cannot both be satisfied",
    "split": "kept under one, broken under another",
    "possible": "may part, depending on what is missing",
}


def person(seen: Assessment) -> str:
    """The patient in a few words, never a name."""
    age = work_out("age", seen.record, seen.asked.as_of)
    gender = next((event.value for event in seen.record.events if event.stream == "recorded_gender"), None)
    word = {"female": "woman", "male": "man"}.get(
        gender[0] if isinstance(gender, tuple) and len(gender) == 1 else "", "patient"
    )
    years = age.written.partition(",")[0].replace(" years", "-year-old") if age.written else ""
    return f"{years} {word}".strip() if years else f"{word} of unknown age"


def red_lines(seen: Assessment, finding: RedFinding) -> list[str]:
    """A red line with what to do, why, and who says so."""
    if finding.line is not None:
        line = finding.line
        lines = [f"! {words(line.say)}. {words(line.do)}"]
        lines += [f"    why: {text.strip()}" for text in _leaf_lines(seen, line.node)]
        return lines + [f"    source: {claim_line(seen.library, claim)}" for claim in line.claims[:2]]
    assert finding.answer is not None
    assert finding.verdict is not None
    lines = [f"! {label(finding.answer)}: {verdict_words(seen, finding.answer, finding.verdict)}"]
    return lines + [f"    source: {claim_line(seen.library, claim)}" for claim in finding.verdict.row.claims[:2]]


def _leaf_lines(seen: Assessment, node: int) -> list[str]:
    from isocourse.logic.explain import explain

    reason = explain(seen.library.program, seen.values, node)
    return [line for leaf in reason.leaves() for line in reason_lines(seen, leaf)]


def not_today_lines(seen: Assessment) -> list[str]:
    """What holds up a start or a supply; papers that the file does not show stand together at the end."""
    papers = [held for held in seen.today.not_today if isinstance(held, Breach) and _papers(seen, held)]
    lines = [line for held in seen.today.not_today if held not in papers for line in held_lines(seen, held)]
    if papers:
        asked: dict[str, dict[str, None]] = {}
        for held in papers:
            who = dict.fromkeys(label(answer) for answer in held.answers)
            for name in _papers(seen, held):
                asked.setdefault(fact_words(seen.library, name), {}).update(who)
        lines.append("- Not seen on file, and asked for:")
        lines += [f"    {paper} ({', '.join(who)})" for paper, who in asked.items()]
    return lines


def _papers(seen: Assessment, held: Breach) -> tuple[str, ...]:
    """The papers whose absence is all that breaks a rule; nothing if anything else breaks it too."""
    papers = {fact.name for fact in seen.library.facts if fact.kind == "documentary"}
    found: dict[str, None] = {}
    for verdict in _breaking(held):
        reason = verdict.unmet or verdict.why
        names_read = {name for leaf in reason.leaves() for name in leaf.node.names}
        lacking = [name for name in names_read if name in papers and _truth(seen, name) is Truth.NO]
        others = names_read - papers
        if not lacking or (others and verdict.unmet is not None):
            return ()
        found.update(dict.fromkeys(sorted(lacking)))
    return tuple(found)


def _breaking(held: Breach) -> list[Verdict]:
    """The rows that break a rule of findings or of a schedule."""
    return [
        verdict
        for answer in held.answers
        for verdict in answer.verdicts
        if held.about in verdict.row.subjects and verdict.applies is Truth.YES and verdict.kept is Kept.BROKEN
    ]


def held_lines(seen: Assessment, held: Breach | OrderCheck | Gate) -> list[str]:
    """Something that holds up a start or a supply, with why."""
    if isinstance(held, Gate):
        return gate_lines(seen, held)
    if isinstance(held, OrderCheck):
        return check_lines(seen, held)
    who = ", ".join(dict.fromkeys(label(answer) for answer in held.answers))
    if not held.about:
        said = "; ".join(
            dict.fromkeys(
                stance_words(held.point, stance) for answer in held.answers for stance in answer.stances if stance.row
            )
        )
        return [f"- {words(held.point.title)}: broken under {who}. {_done_words(seen, held)}They say: {said}."]
    rows = [
        verdict
        for answer in held.answers
        for verdict in answer.verdicts
        if held.about in verdict.row.subjects and verdict.applies is Truth.YES
    ]
    said = "; ".join(dict.fromkeys(verdict_words(seen, held.answers[0], verdict) for verdict in rows[:3]))
    shown = [line.strip() for verdict in rows[:1] for line in _verdict_values(seen, verdict)]
    return [f"- {words(held.point.title)}: {said}. Broken under {who}."] + [
        f"    on file: {line}" for line in dict.fromkeys(shown)
    ]


def _verdict_values(seen: Assessment, verdict: Verdict) -> list[str]:
    reason = verdict.unmet or verdict.why
    return [line for leaf in reason.leaves() for line in reason_lines(seen, leaf)]


def _done_words(seen: Assessment, breach: Breach) -> str:
    dose = work_out("ordered_daily_dose", seen.record, seen.asked.as_of)
    return f"The file: {dose.written}. " if breach.point.done == "dose_per_kg" and dose.written else ""


def gate_lines(seen: Assessment, held: Gate) -> list[str]:
    """Rule 1: no start and no supply on unknown."""
    able = {Truth.YES: "can become pregnant", Truth.UNKNOWN: "is not shown to be unable to become pregnant"}.get(
        held.able, ""
    )
    test = seen.snapshot.written(seen.library.program.slot_named("last_pregnancy_test"))
    methods = [event.written for event in seen.record.events if event.stream == "methods" and event.value is Truth.YES]
    on_file = f"last pregnancy test on file: {test}" if test else "no pregnancy test on file"
    kept = f"contraception on file: {', '.join(methods)}" if methods else "no contraception on file"
    order = "an isotretinoin order" if seen.orders else "no isotretinoin order on file"
    said = person(seen)
    ask = "until the file shows a negative test inside its window"
    if held.negative:
        ask = "until the file shows that the test lies inside its window"
    if held.suspected:
        ask = "while an entry of a pregnancy, or a positive test of the last 60 days, is neither confirmed nor refuted"
    elif held.negative and held.renewal_due:
        ask = (
            "without a new test: the supply of the order on file is over, or may be, and its test says nothing of today"
        )
    lines = [
        f"- {said[0].upper()}{said[1:]} with {order}: {on_file}, {kept}. The patient {able}; no start and no supply is unqualified {ask}."
    ]
    for key, truth in seen.able:
        if truth is not Truth.NO and (not seen.governs or any(edition.key == key for edition in seen.governs)):
            lines.append(
                f"    {short_of(seen, key)}: {'able to become pregnant' if truth is Truth.YES else 'cannot tell whether able to become pregnant'}"
            )
    if held.negative:
        lines += [
            f"    not shown for {label(answer)}: {verdict_words(seen, answer, verdict)}"
            + (f"; missing: {names(seen.library, verdict.unshown)}" if verdict.unshown else "")
            for answer, verdict in held.open_duties
        ]
    return lines


def check_lines(seen: Assessment, held: OrderCheck) -> list[str]:
    """Something wrong with an order under any protocol."""
    dose = work_out("highest_ordered_dose", seen.record, seen.asked.as_of)
    amount = f"{decimal_dose(dose.value)} mg/day. " if dose.value is not None else ""
    lines = [f"- {amount}{words(held.say)}. {words(held.explain)}"]
    lines += [f"    {text}" for text in weight_needed(seen)]
    return (
        lines
        + [f"    order: {dose.written} [{', '.join(dose.origins)}]"]
        + [f"    source: {claim_line(seen.library, claim)}" for claim in held.claims[:2]]
    )


def decimal_dose(value: object) -> str:
    """A daily dose in mg."""
    from fractions import Fraction

    low, high = getattr(value, "low", 0), getattr(value, "high", 0)
    ends = [decimal(Fraction(end, 100)) for end in (low, high)]
    return ends[0] if low == high else f"{ends[0]} to {ends[1]}"


LISTS = {
    "symptoms": "signs",
    "conditions": "conditions",
    "drugs": "drugs",
    "allergies": "allergies",
    "methods": "contraceptive methods",
    "procedures": "procedures",
}


def missing_lines(seen: Assessment, *, full: bool, most: int = 8) -> list[str]:
    """The missing facts, cheapest first; entries of one list, and facts for the same questions, are asked about together."""
    groups: dict[tuple[str, ...], list[Missing]] = {}
    for missing in seen.today.cannot_tell:
        stream = _list_of(missing)
        key = (
            (missing.obtain, stream) if stream else (_how(seen, missing), *missing.points, str(len(missing.protocols)))
        )
        groups.setdefault(key, []).append(missing)
    told, alone = [], 0
    for several in groups.values():
        if stream := _list_of(several[0]):
            told.append(list_line(seen, LISTS[stream], several, several[0].obtain, full=full))
            continue
        alone += 1
        if full or alone <= most:
            told.append(missing_line(seen, several))
    if alone > most and not full:
        left = sum(len(several) for several in [g for g in groups.values() if not _list_of(g[0])][most:])
        told.append(f"- and {left} more facts; --full lists them, `isocourse ask` says which settle most")
    return told


def _how(seen: Assessment, missing: Missing) -> str:
    fact = next((fact for fact in seen.library.facts if fact.name == missing.fact), None)
    return "judge" if fact is not None and fact.kind == "judgement" else OBTAIN[missing.obtain]


def _list_of(missing: Missing) -> str:
    """The list that a missing entry belongs to, or nothing."""
    stream = missing.fact.partition("(")[2].partition(",")[0]
    return stream if stream in LISTS else ""


def list_line(seen: Assessment, name: str, missing: list[Missing], obtain: str, *, full: bool) -> str:
    """Entries of one list, asked about together."""
    kinds = [
        fact_words(seen.library, each.fact).rpartition(" (")[0] or fact_words(seen.library, each.fact)
        for each in missing
    ]
    more = f" and {len(kinds) - 8} more" if len(kinds) > 8 and not full else ""
    return f"- {OBTAIN[obtain]} about {name}, present or not: {', '.join(kinds if full else kinds[:8])}{more}"


def missing_line(seen: Assessment, several: list[Missing]) -> str:
    """Missing facts for the same questions, how they are obtained, and what they would help to settle."""
    missing = several[0]
    points = ", ".join(words(seen.library.point(point).title).lower() for point in missing.points)
    protocols = f"{len(missing.protocols)} protocol{'s' if len(missing.protocols) > 1 else ''}"
    facts = "; ".join(fact_words(seen.library, each.fact).removesuffix(" (judgement)") for each in several)
    return f"- {_how(seen, missing)}: {facts} (for {points}; {protocols})"


PARTINGS_SHOWN = 6
"""Disagreements written out; the others are named, so that what matters now stays on the first pages."""


def partings_lines(seen: Assessment, *, full: bool) -> list[str]:
    """The disagreements: first those that the file breaks a side of, then those of the patient's own rules and stage."""
    ordered = sorted(seen.today.disagreements, key=lambda parting: _matters(seen, parting))
    shown = ordered if full else ordered[:PARTINGS_SHOWN]
    lines = [line for parting in shown for line in parting_lines(seen, parting)]
    if rest := ordered[len(shown) :]:
        heads = dict.fromkeys(_head(parting) for parting in rest)
        lines.append(f"- and {len(rest)} more, written out with --full: {'; '.join(heads)}")
    return lines


def _matters(seen: Assessment, parting: Parting) -> tuple[bool, bool, bool, int]:
    broken = any(answer.kept is Kept.BROKEN for answer in parting.answers)
    governed = any(answer.edition in seen.governs for answer in parting.answers)
    return not broken, not governed, parting.point.stage not in _stages(seen), list(PARTING).index(parting.kind)


def _stages(seen: Assessment) -> tuple[str, ...]:
    """The stages that the course is in, as far as the file tells."""
    finished, treated = (_truth(seen, name) for name in ("finished", "on_treatment"))
    if finished is Truth.YES:
        return ("after",)
    if treated is Truth.YES:
        return ("during", "end")
    return ("before", "start") if treated is Truth.NO else ("before", "start", "during")


def _truth(seen: Assessment, name: str) -> Truth:
    place = seen.library.program.slot_named(name)
    return Truth.UNKNOWN if place is None else Truth(seen.snapshot.state.low[place])


def _head(parting: Parting) -> str:
    about = f", {words(parting.point.say_of(parting.about))}" if parting.about else ""
    return f"{words(parting.point.title)}{about}"


def parting_lines(seen: Assessment, parting: Parting) -> list[str]:
    """A point on which answers part, with each side and who holds it; sides that are still open stand together at the end."""
    how = "their windows do not meet" if parting.anchor else PARTING[parting.kind]
    lines = [f"- {_head(parting)}: {how}"]
    told = [answer for answer in parting.answers if answer.status is Status.ANSWERED or parting.about]
    sides: dict[str, list[Answer]] = {}
    for answer in sorted(told, key=lambda answer: answer.edition not in seen.governs):
        sides.setdefault(_side_words(seen, parting, answer), []).append(answer)
    for said, who in sides.items():
        lines.append(f"    {', '.join(dict.fromkeys(label(answer) for answer in who))}: {said}")
    open_ = [answer for answer in parting.answers if answer not in told]
    if open_:
        missing = [name for answer in open_ for name in answer.missing]
        lines.append(
            f"    still open: {', '.join(label(answer) for answer in open_)}; {STATUS[Status.CANNOT_TELL]}: {names(seen.library, missing, 5)}"
        )
    return lines


def _side_words(seen: Assessment, parting: Parting, answer: Answer) -> str:
    rows = [
        verdict
        for verdict in answer.verdicts
        if parting.about in verdict.row.subjects
        and verdict.applies is not Truth.NO
        and (not parting.anchor or _anchored(verdict, parting.anchor))
    ]
    if rows and parting.about:
        return "; ".join(verdict_words(seen, answer, verdict) for verdict in rows)
    return answer_words(seen, answer)


def _anchored(verdict: Verdict, anchor: str) -> bool:
    duty = verdict.row.duty
    return duty is not None and duty.at is not None and duty.at.anchor == anchor


def second_look_lines(seen: Assessment, tactic: Tactic, *, full: bool = True) -> list[str]:
    """Something being done, why it is worth a second look, who advises against it and who allows it; folded, the grounds by name."""
    asked = ", ".join(words(seen.library.point(point).title) for point in tactic.points)
    lines = [f"- {words(tactic.say)}. {words(tactic.why)}"]
    lines += [f"    on file: {text.strip()}" for text in dict.fromkeys(_leaf_lines(seen, tactic.node))]
    lines += [f"    advises against it: {claim_line(seen.library, claim)}" for claim in tactic.advises_against]
    lines += [f"    allows it, or speaks for it: {claim_line(seen.library, claim)}" for claim in tactic.allowed_by]
    if full:
        lines += [f"    because: {claim_line(seen.library, claim)}" for claim in tactic.because]
    elif tactic.because:
        lines += [f"    because: {', '.join(tactic.because)}; --full writes them out"]
    return [*lines, f"    what each protocol says: see {asked}"]


def rest_lines(seen: Assessment) -> list[str]:
    """The rest, folded into counts by what each answer is."""
    counts: dict[Status, int] = {}
    for answer in seen.today.rest:
        counts[answer.status] = counts.get(answer.status, 0) + 1
    words_for = {**STATUS, Status.ANSWERED: "answered", Status.CANNOT_TELL: "cannot be told yet"}
    told = [
        f"{count} {words_for[status]}"
        for status, count in sorted(counts.items(), key=lambda each: list(Status).index(each[0]))
    ]
    return (
        [
            f"{len(seen.today.rest)} answers: "
            + "; ".join(told)
            + ". --matrix writes out every question under every protocol."
        ]
        if told
        else []
    )
