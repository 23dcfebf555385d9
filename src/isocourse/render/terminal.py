"""Today and the matrix as plain text for a terminal of any width, without relying on colour."""

from __future__ import annotations

import textwrap

from isocourse.decisions.answers import Answer, Verdict, missing_names
from isocourse.decisions.binding import was_read
from isocourse.decisions.gate import Gate
from isocourse.decisions.tables import OrderCheck, Status, words
from isocourse.decisions.today import Breach, Missing, Parting, RedFinding
from isocourse.facts.courses import work_out
from isocourse.facts.days import show, show_span
from isocourse.facts.record import Order
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
    options_words,
    reason_lines,
    short,
    stance_words,
    verdict_words,
)

OBTAIN = {"look": "look in the file", "ask": "ask", "measure": "measure", "refer": "refer"}
PARTING = {
    "opposed": "cannot both be satisfied",
    "split": "kept under one, broken under another",
    "possible": "may part, depending on what is missing",
}
TITLES = ("STOP NOW", "NOT TODAY, BECAUSE", "CANNOT TELL UNTIL", "DISAGREEMENTS THAT CHANGE WHAT YOU DO", "THE REST")


class Page:
    """Lines of a fixed width."""

    def __init__(self, width: int) -> None:
        self.width = max(40, width)
        self.lines: list[str] = []

    def put(self, text: str, indent: int = 0, hang: int = 2) -> None:
        """Text, wrapped, with later lines hanging."""
        for line in text.split("\n"):
            self.lines.extend(
                textwrap.wrap(
                    line,
                    self.width,
                    initial_indent=" " * indent,
                    subsequent_indent=" " * (indent + hang),
                    break_long_words=False,
                    break_on_hyphens=False,
                )
                or [""]
            )

    def head(self, text: str) -> None:
        """A heading, set off by a blank line and a rule of its own length."""
        self.lines.extend(["", text, "-" * min(len(text), self.width)])

    def text(self) -> str:
        """The page."""
        return "\n".join(line.rstrip() for line in self.lines) + "\n"


def page(seen: Assessment, width: int, *, matrix: bool = True, full: bool = False) -> str:
    """Today, then the matrix.

    Args:
        seen: the assessment.
        width: columns of the terminal.
        matrix: whether the matrix follows.
        full: whether the folded rest is written out.
    """
    out = Page(width)
    _header(out, seen)
    _today(out, seen, full)
    if matrix:
        _matrix(out, seen)
    _file(out, seen, full)
    out.put("")
    out.put(verdict(seen))
    return out.text()


# the head ------------------------------------------------------------------------------------------------------------------
def person(seen: Assessment) -> str:
    """The patient in a few words, never a name."""
    age = work_out("age", seen.record, seen.asked.as_of)
    gender = next((event.value for event in seen.record.events if event.stream == "recorded_gender"), None)
    word = {"female": "woman", "male": "man"}.get(
        gender[0] if isinstance(gender, tuple) and len(gender) == 1 else "", "patient"
    )
    years = age.written.partition(",")[0].replace(" years", "-year-old") if age.written else ""
    return f"{years} {word}".strip() if years else f"{word} of unknown age"


def _header(out: Page, seen: Assessment) -> None:
    said = person(seen)
    out.put(f"{said[0].upper()}{said[1:]}, as of {show(seen.asked.as_of)}")
    if seen.governs:
        out.put("Governing: " + "; ".join(words(edition.title) for edition in seen.governs))
    else:
        where = seen.asked.jurisdiction or seen.record.jurisdiction
        why = (
            f"we have not read what governs in {where}{_unread(seen, where)}"
            if where
            else "the file does not say in which jurisdiction the course is; give --jurisdiction"
        )
        out.put(f"No governing protocol: {why}. What the file breaks under every protocol that speaks stands first.")
    if seen.governs and (unread := _unread(seen, seen.asked.jurisdiction or seen.record.jurisdiction)):
        out.put(f"Also in force, and not read by us{unread}.", 2)
    unsure = [
        f"{_short(seen, key)} ({why})"
        for key, why in seen.doubts
        if not seen.governs or any(edition.key == key for edition in seen.governs)
    ]
    if unsure:
        out.put(f"Not certain to be in force today: {'; '.join(unsure)}.", 2)
    for order in seen.orders:
        out.put(order_line(order), 2)
    if seen.outside:
        out.put(
            "OUTSIDE: the order's reason is not acne, so these protocols do not speak of this use. Its dangers are judged all the same: "
            "pregnancy, contraindications, interactions, dose ceiling, supply.",
            2,
        )


def _unread(seen: Assessment, where: str) -> str:
    """The editions that bind there and that nobody here has read."""
    unread = [
        words(edition.title) for edition in seen.editions if where in edition.jurisdictions and not was_read(edition)
    ]
    return f" ({'; '.join(unread)})" if unread else ""


def order_line(order: Order) -> str:
    """One order on one line."""
    state = {"draft": "drafted, judged as if given today", "current": "active", "ended": "ended"}.get(order.state, "")
    if order.state == "supply_ended" and order.supply_ended:
        state = f"said to be active, but supply ended {_ended(order)}"
    day = f" of {show_span(order.day)}" if order.day and order.state != "draft" else ""
    reason = f"; reason: {order.reason}" if order.reason else "; no reason given"
    return f"Order{day}: {order.written} ({state}){reason} [{order.origin}]"


def _ended(order: Order) -> str:
    assert order.supply_ended is not None
    return (
        f"on {show(order.supply_ended.first)}"
        if order.supply_ended.known
        else f"by {show(order.supply_ended.last)} at the latest"
    )


# today ---------------------------------------------------------------------------------------------------------------------
def _today(out: Page, seen: Assessment, full: bool) -> None:
    lists: list[list[str]] = [
        [line for finding in seen.today.stop_now for line in red_lines(seen, finding)],
        [line for held in seen.today.not_today for line in held_lines(seen, held)],
        missing_lines(seen, full=full),
        [line for parting in seen.today.disagreements for line in parting_lines(seen, parting)],
        rest_lines(seen),
    ]
    for title, lines in zip(TITLES, lists, strict=True):
        out.head(title)
        if not lines:
            out.put(
                {"STOP NOW": "No red line is known to hold.", "NOT TODAY, BECAUSE": "Nothing found on file."}.get(
                    title, "Nothing."
                ),
                2,
            )
        for line in lines:
            out.put(line.lstrip(), 2 + len(line) - len(line.lstrip()))


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
        if (verdict.row.duty.what if verdict.row.duty else verdict.row.find) == held.about
        and verdict.applies is Truth.YES
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
    test = _slot_origin(seen, "last_pregnancy_test")
    methods = [event.written for event in seen.record.events if event.stream == "methods" and event.value is Truth.YES]
    on_file = f"last pregnancy test on file: {test}" if test else "no pregnancy test on file"
    kept = f"contraception on file: {', '.join(methods)}" if methods else "no contraception on file"
    order = "an isotretinoin order" if seen.orders else "no isotretinoin order on file"
    said = person(seen)
    ask = "until the file shows a negative test inside its window"
    if held.negative:
        ask = "until the file shows that the test lies inside its window"
    if held.suspected:
        ask = "while an entry of a pregnancy on file is neither confirmed nor refuted"
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
                f"    {_short(seen, key)}: {'able to become pregnant' if truth is Truth.YES else 'cannot tell whether able to become pregnant'}"
            )
    if held.negative:
        lines += [
            f"    not shown for {label(answer)}: {verdict_words(seen, answer, verdict)}"
            + (f"; missing: {names(seen.library, verdict.unshown)}" if verdict.unshown else "")
            for answer, verdict in held.open_duties
        ]
    return lines


def _short(seen: Assessment, key: str) -> str:
    return next(short(edition) for edition in seen.editions if edition.key == key)


def _slot_origin(seen: Assessment, name: str) -> str:
    for slot, origin in zip(seen.library.program.slots, seen.snapshot.origins, strict=True):
        if slot.name == name:
            return origin.written
    return ""


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


def missing_lines(seen: Assessment, *, full: bool, most: int = 10) -> list[str]:
    """The missing facts, cheapest first; entries of one list are asked about together."""
    lists: dict[tuple[str, str], list[Missing]] = {}
    for missing in seen.today.cannot_tell:
        lists.setdefault((missing.obtain, _list_of(missing)), []).append(missing)
    told, alone = [], 0
    for missing in seen.today.cannot_tell:
        several = lists[missing.obtain, _list_of(missing)]
        if not _list_of(missing):
            alone += 1
            if full or alone <= most:
                told.append(missing_line(seen, missing))
        elif several[0] is missing:
            told.append(list_line(seen, LISTS[_list_of(missing)], several, missing.obtain, full=full))
    if alone > most and not full:
        told.append(f"- and {alone - most} more facts; --full lists them")
    return told


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


def missing_line(seen: Assessment, missing: Missing) -> str:
    """A missing fact, how it is obtained, and what it would help to settle."""
    points = ", ".join(words(seen.library.point(point).title).lower() for point in missing.points)
    protocols = f"{len(missing.protocols)} protocol{'s' if len(missing.protocols) > 1 else ''}"
    return f"- {OBTAIN[missing.obtain]}: {fact_words(seen.library, missing.fact)} (for {points}; {protocols})"


def parting_lines(seen: Assessment, parting: Parting) -> list[str]:
    """A point on which answers part, with each side; sides that are still open stand together at the end."""
    about = f", {words(parting.point.say_of(parting.about))}" if parting.about else ""
    how = "their windows do not meet" if parting.anchor else PARTING[parting.kind]
    lines = [f"- {words(parting.point.title)}{about}: {how}"]
    told = [answer for answer in parting.answers if answer.status is Status.ANSWERED or parting.about]
    lines += [f"    {label(answer)}: {_side_words(seen, parting, answer)}" for answer in told]
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
        if parting.about in (verdict.row.find, verdict.row.duty.what if verdict.row.duty else "")
        and verdict.applies is not Truth.NO
        and (not parting.anchor or _anchored(verdict, parting.anchor))
    ]
    if rows and parting.about:
        return "; ".join(verdict_words(seen, answer, verdict) for verdict in rows)
    return answer_words(seen, answer)


def _anchored(verdict: Verdict, anchor: str) -> bool:
    duty = verdict.row.duty
    return duty is not None and duty.at is not None and duty.at.anchor == anchor


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
    return [f"{len(seen.today.rest)} answers: " + "; ".join(told) + ". They stand in the matrix."] if told else []


# the matrix ----------------------------------------------------------------------------------------------------------------
def _matrix(out: Page, seen: Assessment) -> None:
    out.head("EVERY QUESTION, EVERY PROTOCOL")
    wide = min(22, max((len(label(answer)) for answer in seen.answers), default=0))
    out.put("")
    out.put("Able to become pregnant (each protocol's own definition)")
    for edition in seen.editions:
        out.put(f"{short(edition):<{wide}}  {_able_words(seen, edition.key)}", 2, wide + 2)
    for point in seen.library.points:
        rows = [answer for answer in seen.answers if answer.point is point]
        if not rows:
            continue
        out.put("")
        out.put(f"{words(point.title)}: {words(point.question)}")
        for answer in rows:
            if len(label(answer)) > wide:
                out.put(label(answer), 2)
                out.put(answer_words(seen, answer), wide + 4, 0)
            else:
                out.put(f"{label(answer):<{wide}}  {answer_words(seen, answer)}", 2, wide + 2)
            for name, _, other in answer.otherwise_read:
                out.put(f"would differ if read as {name.replace('_', ' ')}: {answer_words(seen, other)}", wide + 4, 2)


def _able_words(seen: Assessment, key: str) -> str:
    truth = dict(seen.able).get(key)
    if truth is None:
        edition = next(edition for edition in seen.editions if edition.key == key)
        definition = edition.definition("able_to_become_pregnant")
        return STATUS[definition.status] if definition else STATUS[Status.SILENT]
    return {Truth.YES: "yes", Truth.NO: "no", Truth.UNKNOWN: f"depends on: {_able_missing(seen, key)}"}[truth]


def _able_missing(seen: Assessment, key: str) -> str:
    edition = next(edition for edition in seen.editions if edition.key == key)
    definition = edition.definition("able_to_become_pregnant")
    assert definition is not None
    return names(seen.library, missing_names(seen.library.program, seen.values, seen.snapshot, definition.node))


# the file ------------------------------------------------------------------------------------------------------------------
def _file(out: Page, seen: Assessment, full: bool) -> None:
    record = seen.record
    if record.problems:
        out.head("IN THE FILE")
        for problem in record.problems:
            out.put(problem.line(), 2)
    if record.unjudged:
        out.head("READ, BUT NOT JUDGED BY ANY RULE HERE")
        gathered: dict[tuple[str, str, str], int] = {}
        for each in record.unjudged:
            gathered[each.kind, each.what, each.why] = gathered.get((each.kind, each.what, each.why), 0) + 1
        for (kind, what, why), count in gathered.items():
            out.put(f"{kind}: {what}{f' x {count}' if count > 1 else ''}{f' ({why})' if why else ''}", 2)
    undated = [
        event
        for event in record.events
        if not event.dated and event.stream not in ("recorded_gender", "sex_at_birth") and not event.item
    ]
    if undated:
        out.head("WITHOUT A DAY OF THEIR OWN: SHOWN, NOT USED WHERE A DATE MATTERS")
        for event in undated:
            known = f", known by {show_span(event.known)}" if event.known else ""
            out.put(f"{event.stream.replace('_', ' ')}: {event.written}{known} [{event.origin}]", 2)


def verdict(seen: Assessment) -> str:
    """The best that is ever said: nothing against it found, never that it is safe."""
    done = seen.today
    under = ", ".join(short(edition) for edition in seen.governs) or "the protocols here"
    count = f"{done.answered} of {done.asked} points answered"
    if done.against:
        return f"Something against it was found under {under} ({count})."
    return f"Nothing against it found under {under} ({count})."


__all__ = ["options_words", "page", "person", "verdict"]
