"""The entries of Today as lines of text, the same for the terminal and for the JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from isocourse.decisions.answers import Answer, Verdict
from isocourse.decisions.breaches import Breach
from isocourse.decisions.gate import Gate
from isocourse.decisions.kept import Kept
from isocourse.decisions.lapsed import Lapsed
from isocourse.decisions.tables import OrderCheck, Shape, Status, Tactic
from isocourse.decisions.today import Held, Missing, Parting, RedFinding
from isocourse.facts.courses import judged_orders, work_out
from isocourse.facts.record import Event
from isocourse.library import Assessment
from isocourse.logic.explain import Reason
from isocourse.logic.truth import Truth
from isocourse.logic.units import decimal
from isocourse.render.alike import filled, frame
from isocourse.render.arithmetic import weight_needed
from isocourse.render.frames import FIXED, OBTAIN, PARTING
from isocourse.render.words import (
    KEPT,
    MORE,
    STATUS,
    TRUTH,
    answer_words,
    claim_line,
    fact_words,
    label,
    leaf_words,
    names,
    short_of,
    stance_words,
    verdict_words,
)
from isocourse.render.written import written_words

ADULT = 18
"""Years from which a patient is called a woman or a man."""


def person(seen: Assessment) -> str:
    """The patient in a few words, never a name."""
    age = work_out("age", seen.record, seen.asked.as_of)
    gender = next((event.value for event in seen.record.events if event.stream == "recorded_gender"), None)
    w, years = seen.words, age.written.partition(",")[0].removesuffix(" years")
    minor = bool(years) and years.split()[-1].isdigit() and int(years.split()[-1]) < ADULT
    words = {"female": "girl", "male": "boy"} if minor else {"female": "woman", "male": "man"}
    word = words.get(gender[0] if isinstance(gender, tuple) and len(gender) == 1 else "", "patient")
    if years.isdigit():
        return w(FIXED["person.years"], n=int(years), who=w(word))
    return f"{years}-year-old {w(word)}" if years else w(FIXED["person.no_age"], who=w(word))


def red_lines(seen: Assessment, finding: RedFinding) -> list[str]:
    """A red line with what to do, why, and who says so."""
    if finding.line is not None:
        line = finding.line
        lines = [f"! {seen.words(line.say)}. {seen.words(line.do)}"]
        lines += [f"    {seen.words(FIXED['red.why'], reason=text.strip())}" for text in _leaf_lines(seen, line.node)]
        return lines + _sources(seen, line.claims[:2])
    assert finding.answer is not None
    assert finding.verdict is not None
    lines = [f"! {label(finding.answer, seen.words)}: {verdict_words(seen, finding.answer, finding.verdict)}"]
    return lines + _sources(seen, finding.verdict.row.claims[:2])


def _sources(seen: Assessment, claims: Iterable[str]) -> list[str]:
    return [f"    {seen.words(FIXED['red.source'], claim=claim_line(seen.library, claim))}" for claim in claims]


def _leaf_lines(seen: Assessment, node: int) -> list[str]:
    from isocourse.logic.explain import explain

    reason = explain(seen.library.program, seen.values, node)
    return _found_words(seen, reason)


def _found_words(seen: Assessment, reason: Reason) -> list[str]:
    """What the file shows of each question that decided, each once."""
    return list(dict.fromkeys(told for leaf in reason.leaves() if (told := leaf_words(seen, leaf))))


def not_today_lines(seen: Assessment) -> list[str]:
    """What holds up a start or a supply; papers that the file does not show stand together at the end."""
    return supply_lines(seen, seen.today.not_today)


def entries_in(lines: Iterable[str]) -> int:
    """How many entries a list has; what stands under an entry is indented.

    >>> entries_in(["- a", "    b", "- c"])
    2
    """
    return sum(not line.startswith(" ") for line in lines)


def supply_lines(seen: Assessment, several: Sequence[Held]) -> list[str]:
    """The same for some of it."""
    papers = [held for held in several if isinstance(held, Breach) and _papers(seen, held)]
    lines: list[str] = []
    gathered: dict[object, list[Breach]] = {}
    for held in several:
        if not isinstance(held, Breach):
            lines += held_lines(seen, held)
        elif held not in papers:
            key = (held.point.name, held.unheard) if held.point.shape is Shape.SCHEDULE else id(held)
            gathered.setdefault(key, []).append(held)
    for alike in gathered.values():
        lines += held_lines(seen, alike[0]) if len(alike) == 1 else _duties_lines(seen, alike)
    lines += _paper_lines(seen, "held.papers", [held for held in papers if not held.unheard])
    unheard = [held for held in papers if held.unheard]
    return lines + _paper_lines(seen, "held.papers_unheard", unheard)


def _duties_lines(seen: Assessment, alike: list[Breach]) -> list[str]:
    """Duties of one point that the file breaks, a line for each, with who asks for it and what the file shows."""
    w = seen.words
    head = f" {w(FIXED['held.unheard'])}." if alike[0].unheard else ""
    lines = [f"- {seen.words(alike[0].point.title)}: {w(KEPT[Kept.BROKEN])}.{head}"]
    for held in alike:
        rows = _breaking(held)
        said = dict.fromkeys(
            verdict_words(seen, held.answers[0], row).removesuffix(f" — {w(KEPT[Kept.BROKEN])}") for row in rows
        )
        shown = dict.fromkeys(told for row in rows for told in _verdict_values(seen, row))
        who = dict.fromkeys(label(answer, seen.words) for answer in (*held.answers, *held.milder))
        lines.append(f"    {'; '.join(said)} ({', '.join(who)}); {w(FIXED['held.on_file'], what='; '.join(shown))}")
    return lines


def _paper_lines(seen: Assessment, head: str, papers: list[Breach]) -> list[str]:
    w, asked = seen.words, dict[str, dict[str, None]]()
    for held in papers:
        who = dict.fromkeys(label(answer, w) for answer in held.answers)
        for name in _papers(seen, held):
            asked.setdefault(fact_words(seen.library, name, w), {}).update(who)
    told = [f"    {paper} ({', '.join(who)})" for paper, who in asked.items()]
    return [f"- {w(FIXED[head])}", *told] if papers else []


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


def held_lines(seen: Assessment, held: Held) -> list[str]:
    """Something that holds up a start or a supply, with why."""
    if isinstance(held, Gate):
        return gate_lines(seen, held)
    if isinstance(held, OrderCheck):
        return check_lines(seen, held)
    if isinstance(held, Lapsed):
        return lapsed_lines(seen, held)
    w = seen.words
    who = ", ".join(dict.fromkeys(label(answer, w) for answer in held.answers))
    unheard = w(FIXED["held.unheard_milder" if held.milder else "held.unheard"])
    alone = [f"    {unheard}."] if held.unheard else []
    milder = [
        f"    {w(FIXED['held.milder'], who=label(answer, w), what=_milder_words(seen, held, answer))}"
        for answer in held.milder
    ]
    if not held.about:
        said = "; ".join(
            dict.fromkeys(
                stance_words(held.point, stance, seen.words)
                for answer in held.answers
                for stance in answer.stances
                if stance.row
            )
        )
        told = {"point": w(held.point.title), "who": who, "file": _done_words(seen, held), "said": said}
        return [f"- {w(FIXED['held.choice'], **told)}", *alone, *milder]
    rows = [
        verdict
        for answer in held.answers
        for verdict in answer.verdicts
        if held.about in verdict.row.subjects and verdict.applies is Truth.YES
    ]
    said = "; ".join(dict.fromkeys(verdict_words(seen, held.answers[0], verdict) for verdict in rows[:3]))
    shown = [line.strip() for verdict in rows[:1] for line in _verdict_values(seen, verdict)]
    head = w(FIXED["held.rows"], point=w(held.point.title), said=said, who=who)
    found = [f"    {w(FIXED['held.on_file'], what=line)}" for line in dict.fromkeys(shown)]
    return [f"- {head}", *alone, *milder, *found]


def _milder_words(seen: Assessment, held: Breach, answer: Answer) -> str:
    rows = [
        verdict for verdict in answer.verdicts if held.about in verdict.row.subjects and verdict.applies is Truth.YES
    ]
    return "; ".join(verdict_words(seen, answer, verdict) for verdict in rows) or answer_words(seen, answer)


def _verdict_values(seen: Assessment, verdict: Verdict) -> list[str]:
    reason = verdict.unmet or verdict.why
    return _found_words(seen, reason)


def _done_words(seen: Assessment, breach: Breach) -> str:
    dose = work_out("ordered_daily_dose", seen.record, seen.asked.as_of)
    shown = breach.point.done == "dose_per_kg" and dose.written
    return seen.words(FIXED["held.file"], dose=dose.written) if shown else ""


def gate_lines(seen: Assessment, held: Gate) -> list[str]:
    """Rule 1: no start and no supply on unknown."""
    w = seen.words
    test = seen.snapshot.written(seen.library.program.slot_named("last_pregnancy_test"))
    methods = [
        _method(seen, event) for event in seen.record.events if event.stream == "methods" and event.value is Truth.YES
    ]
    told = {
        "order": w(FIXED[_order_frame(seen)]),
        "test": w(FIXED["gate.test"], test=written_words(test, w)) if test else w(FIXED["gate.no_test"]),
        "methods": w(FIXED["gate.methods"], methods=", ".join(methods)) if methods else w(FIXED["gate.no_methods"]),
        "able": w(FIXED[ABLE[held.able]]),
        "ask": w(FIXED[_asked_for(held)]),
    }
    said = person(seen)
    lines = [f"- {w(FIXED['gate.held'], who=said[0].upper() + said[1:], **told)}"]
    if _tests_contradict(seen):
        lines.append(f"    {w(FIXED['gate.contradict'])}")
    for key, truth in seen.able:
        if truth is not Truth.NO and (not seen.governs or any(edition.key == key for edition in seen.governs)):
            lines.append(f"    {short_of(seen, key)}: {w(FIXED['able.yes' if truth is Truth.YES else 'able.unknown'])}")
    if held.negative:
        lines += [f"    {_not_shown(seen, answer, verdict)}" for answer, verdict in held.open_duties]
    return lines


def _method(seen: Assessment, event: Event) -> str:
    """A contraceptive method by its name in the language; what the file says where it has none."""
    item = seen.library.catalogue.item("methods", event.item)
    told = seen.words.language != "en" and item is not None and item.say and seen.words.translated(item.say)
    return seen.words(item.say) if told and item is not None else event.written


def _order_frame(seen: Assessment) -> str:
    if judged_orders(seen.record):
        return "gate.order"
    return "gate.order_ended" if seen.orders else "gate.no_order"


ABLE = {Truth.YES: "gate.able", Truth.UNKNOWN: "gate.able_unknown", Truth.NO: "gate.unable"}


def _asked_for(held: Gate) -> str:
    """What has to be shown before a start or supply, by its key."""
    if held.suspected:
        return "gate.suspected"
    if held.negative and held.renewal_due:
        return "gate.renewal"
    return "gate.window" if held.negative else "gate.negative"


def _not_shown(seen: Assessment, answer: Answer, verdict: Verdict) -> str:
    w = seen.words
    said = w(FIXED["gate.not_shown"], who=label(answer, w), duty=verdict_words(seen, answer, verdict))
    missing = names(seen.library, verdict.unshown, w=w)
    return said + (f"; {w(FIXED['gate.missing'], facts=missing)}" if missing else "")


def _tests_contradict(seen: Assessment) -> bool:
    """Whether the last test on file may be a positive and may be a negative one, as where two were made on one day."""
    slot = seen.library.program.slot_named("last_pregnancy_test")
    if slot is None or seen.snapshot.state.recorded[slot] != Truth.YES:
        return False
    values = {value for event in seen.record.events if event.stream == "pregnancy_test" for value in _codes(event)}
    possible = {
        code
        for bit, code in enumerate(seen.library.program.slots[slot].values)
        if seen.snapshot.state.low[slot] >> bit & 1
    }
    return {"positive", "negative"} <= values & possible


def _codes(event: Event) -> tuple[str, ...]:
    """The value of a coded event, where it is one and no other."""
    return event.value if isinstance(event.value, tuple) and len(event.value) == 1 else ()


def lapsed_lines(seen: Assessment, held: Lapsed) -> list[str]:
    """What was red and is too old to count, with the value and what to do."""
    w, said = seen.words, seen.words(held.line.say) if held.line else ""
    if held.answer is not None and held.verdict is not None:
        said = f"{label(held.answer, w)}: {verdict_words(seen, held.answer, held.verdict)}"
    lines = [f"- {w(FIXED['held.lapsed'], what=said)}"]
    lines += [f"    {w(FIXED['held.on_file'], what=told)}" for told in _found_words(seen, held.why)]
    claims = held.line.claims if held.line else held.verdict.row.claims if held.verdict else ()
    return lines + _sources(seen, claims[:2])


def check_lines(seen: Assessment, held: OrderCheck) -> list[str]:
    """Something wrong with an order under any protocol."""
    dose = work_out("highest_ordered_dose", seen.record, seen.asked.as_of)
    amount = f"{decimal_dose(dose.value)} mg/day. " if dose.value is not None else ""
    lines = [f"- {amount}{seen.words(held.say)}. {seen.words(held.explain)}"]
    lines += [f"    {text}" for text in weight_needed(seen)]
    order = f"    {seen.words(FIXED['held.order'], order=dose.written)} [{', '.join(dose.origins)}]"
    return [*lines, order, *_sources(seen, held.claims[:2])]


def decimal_dose(value: object) -> str:
    """A daily dose in mg."""
    from fractions import Fraction

    low, high = getattr(value, "low", 0), getattr(value, "high", 0)
    ends = [decimal(Fraction(end, 100)) for end in (low, high)]
    return ends[0] if low == high else f"{ends[0]} to {ends[1]}"


LISTS = {
    "drugs": "drugs",
    "allergies": "allergies",
    "symptoms": "signs",
    "conditions": "conditions",
    "methods": "contraceptive methods",
    "procedures": "procedures",
}


def missing_lines(seen: Assessment, *, full: bool, most: int = 8) -> list[str]:
    """The missing facts, cheapest first; entries of one list, and facts for the same questions, are asked about together."""
    groups: dict[tuple[str, ...], list[Missing]] = {}
    told, alone = [*unknown_lines(seen, full=full), *asked_lines(seen)], 0
    for missing in seen.today.cannot_tell:
        stream = _list_of(missing)
        key = (
            (missing.obtain, stream) if stream else (_how(seen, missing), *missing.points, str(len(missing.protocols)))
        )
        groups.setdefault(key, []).append(missing)
    for several in groups.values():
        if stream := _list_of(several[0]):
            told.append(list_line(seen, LISTS[stream], several, several[0].obtain, full=full))
            continue
        alone += 1
        if full or alone <= most:
            told.append(missing_line(seen, several))
    if alone > most and not full:
        left = sum(len(several) for several in [g for g in groups.values() if not _list_of(g[0])][most:])
        told.append(f"- {seen.words(FIXED['missing.more'], n=left)}")
    return told


UNKNOWN_NAMED = 4
"""Entries of unknown class named in one line; more are counted."""


def unknown_lines(seen: Assessment, *, full: bool) -> list[str]:
    """Entries of a list whose class is not known here: each leaves open whatever that list is asked for, so they come first."""
    gathered: dict[str, dict[str, None]] = {}
    for each in seen.record.unjudged:
        if each.kind in LISTS:
            gathered.setdefault(each.kind, {})[f"{each.what} [{each.origin}]"] = None
    lines = []
    for kind in (name for name in LISTS if name in gathered):
        told = list(gathered[kind])
        shown = told if full else told[:UNKNOWN_NAMED]
        named, w = ", ".join(shown), seen.words
        if len(told) > len(shown):
            named = w(MORE, facts=named, n=len(told) - len(shown))
        lines.append(f"- {w(FIXED['look.up'], list=w(LISTS[kind]), told=named)}")
    return lines


def asked_lines(seen: Assessment) -> list[str]:
    """What governs demands and no file can show as done, who says the same together."""
    gathered: dict[str, dict[str, None]] = {}
    for answer, verdict in seen.today.asked:
        said = f"{seen.words(answer.point.title)}, {verdict_words(seen, answer, verdict)}"
        gathered.setdefault(said, {})[label(answer, seen.words)] = None
    lines = [f"    {said} ({', '.join(who)})" for said, who in gathered.items()]
    return [f"- {seen.words(FIXED['asked.confirm'])}", *lines] if lines else []


def _how(seen: Assessment, missing: Missing) -> str:
    fact = seen.library.fact_by_name.get(missing.fact)
    return "judge" if fact is not None and fact.kind == "judgement" else OBTAIN[missing.obtain]


def _list_of(missing: Missing) -> str:
    """The list that a missing entry belongs to, or nothing."""
    stream = missing.fact.partition("(")[2].partition(",")[0]
    return stream if stream in LISTS else ""


def list_line(seen: Assessment, name: str, missing: list[Missing], obtain: str, *, full: bool) -> str:
    """Entries of one list, asked about together."""
    kinds = [
        fact_words(seen.library, each.fact, seen.words).rpartition(" (")[0]
        or fact_words(seen.library, each.fact, seen.words)
        for each in missing
    ]
    w, shown = seen.words, ", ".join(kinds if full else kinds[:8])
    if len(kinds) > 8 and not full:
        shown = w(MORE, facts=shown, n=len(kinds) - 8)
    return f"- {w(FIXED['missing.list'], how=w(OBTAIN[obtain]), list=w(name), kinds=shown)}"


def missing_line(seen: Assessment, several: list[Missing]) -> str:
    """Missing facts for the same questions, how they are obtained, and what they would help to settle."""
    missing = several[0]
    w, n = seen.words, len(missing.protocols)
    points = ", ".join(w(seen.library.point(point).title).lower() for point in missing.points)
    protocols = w(FIXED["missing.protocols" if n > 1 else "missing.protocol"], n=n)
    facts = "; ".join(bare_fact(seen, each.fact) for each in several)
    how = w(_how(seen, missing))
    return f"- {w(FIXED['missing.fact'], how=how, facts=facts, points=points, protocols=protocols)}"


def bare_fact(seen: Assessment, name: str) -> str:
    """A fact in words, without the remark that it is a judgement."""
    return fact_words(seen.library, name, seen.words).removesuffix(f" {seen.words(FIXED['judgement'])}")


PARTINGS_SHOWN = 6
"""Disagreements written out; the others are named, so that what matters now stays on the first pages."""


def definition_lines(seen: Assessment) -> list[str]:
    """Where the definitions of being able to become pregnant part for this patient: who says yes, who says no, who cannot tell."""
    said = {truth: [short_of(seen, key) for key, each in seen.able if each is truth] for truth in Truth}
    if not (said[Truth.YES] and said[Truth.NO]):
        return []
    w = seen.words
    return [f"- {w(FIXED['able.part'])}"] + [
        f"    {', '.join(said[truth])}: {w(FIXED['able.cannot_tell'] if truth is Truth.UNKNOWN else TRUTH[truth])}"
        for truth in (Truth.YES, Truth.NO, Truth.UNKNOWN)
        if said[truth]
    ]


def partings_lines(seen: Assessment, *, full: bool) -> list[str]:
    """The disagreements: the definition, those that the file breaks a side of, then those of the patient's own rules and stage."""
    gathered: dict[tuple[str, ...], list[Parting]] = {}
    for parting in ordered_partings(seen):
        gathered.setdefault(frame(_thing(seen, parting), parting_lines(seen, parting)), []).append(parting)
    shown = list(gathered.items()) if full else list(gathered.items())[:PARTINGS_SHOWN]
    lines = definition_lines(seen)
    for said, alike in shown:
        lines += filled(said, [_thing(seen, parting) for parting in alike])
    rest = [parting for alike in list(gathered.values())[len(shown) :] for parting in alike]
    if rest:
        heads = dict.fromkeys(_head(seen, parting) for parting in rest)
        lines.append(f"- {seen.words(FIXED['parting.more'], n=len(rest), points='; '.join(heads))}")
    return lines


def ordered_partings(seen: Assessment) -> list[Parting]:
    """The disagreements, those that matter most to this patient first."""
    return sorted(seen.today.disagreements, key=lambda parting: _matters(seen, parting))


def _thing(seen: Assessment, parting: Parting) -> str:
    """The kind of finding or duty on which it parts, in words, or nothing."""
    return seen.words(parting.point.say_of(parting.about)) if parting.about else ""


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


def _head(seen: Assessment, parting: Parting) -> str:
    about = f", {_thing(seen, parting)}" if parting.about else ""
    return f"{seen.words(parting.point.title)}{about}"


def parting_lines(seen: Assessment, parting: Parting) -> list[str]:
    """A point on which answers part, with each side and who holds it; sides that are still open stand together at the end."""
    how = FIXED["parting.windows"] if parting.anchor else PARTING[parting.kind]
    lines = [f"- {_head(seen, parting)}: {seen.words(how)}"]
    firm = parting.sides if parting.kind != "possible" else ()
    told = [answer for answer in parting.answers if answer.status is Status.ANSWERED or parting.about or answer in firm]
    sides: dict[str, list[Answer]] = {}
    for answer in sorted(told, key=lambda answer: answer.edition not in seen.governs):
        sides.setdefault(_side_words(seen, parting, answer), []).append(answer)
    for said, who in sides.items():
        lines.append(f"    {', '.join(dict.fromkeys(label(answer, seen.words) for answer in who))}: {said}")
    open_ = [answer for answer in parting.answers if answer not in told]
    if open_:
        missing = [name for answer in open_ for name in answer.missing]
        told_open = {
            "who": ", ".join(label(answer, seen.words) for answer in open_),
            "status": seen.words(STATUS[Status.CANNOT_TELL]),
            "facts": names(seen.library, missing, 5, seen.words),
        }
        lines.append(f"    {seen.words(FIXED['parting.open'], **told_open)}")
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
    asked = ", ".join(seen.words(seen.library.point(point).title) for point in tactic.points)
    lines = [f"- {seen.words(tactic.say)}. {seen.words(tactic.why)}"]
    w, library = seen.words, seen.library
    lines += [
        f"    {w(FIXED['held.on_file'], what=text.strip())}" for text in dict.fromkeys(_leaf_lines(seen, tactic.node))
    ]
    lines += [f"    {w(FIXED['look.against'], claim=claim_line(library, claim))}" for claim in tactic.advises_against]
    lines += [f"    {w(FIXED['look.for'], claim=claim_line(library, claim))}" for claim in tactic.allowed_by]
    if full:
        lines += [f"    {w(FIXED['look.because'], claim=claim_line(library, claim))}" for claim in tactic.because]
    elif tactic.because:
        lines += [f"    {w(FIXED['look.folded'], claims=', '.join(tactic.because))}"]
    return [*lines, f"    {w(FIXED['look.points'], points=asked)}"]


def rest_lines(seen: Assessment) -> list[str]:
    """The rest, folded into counts by what each answer is."""
    counts: dict[Status, int] = {}
    for answer in seen.today.rest:
        counts[answer.status] = counts.get(answer.status, 0) + 1
    w = seen.words
    told = "; ".join(
        f"{count} {w(_counted(status))}"
        for status, count in sorted(counts.items(), key=lambda each: list(Status).index(each[0]))
    )
    return [w(FIXED["rest.answers"], n=len(seen.today.rest), counts=told)] if told else []


def _counted(status: Status) -> str:
    """What answers of a status are called where they are counted."""
    own = {Status.ANSWERED: FIXED["rest.answered"], Status.CANNOT_TELL: FIXED["rest.open"]}
    return own.get(status, STATUS[status])
