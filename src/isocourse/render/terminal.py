"""Today and the matrix as plain text for a terminal of any width, without relying on colour."""

from __future__ import annotations

from isocourse.decisions.answers import Answer
from isocourse.decisions.binding import was_read
from isocourse.decisions.kept import Kept
from isocourse.decisions.notes import Notes
from isocourse.decisions.tables import Status, words
from isocourse.facts.days import show, show_span
from isocourse.facts.record import Event, Order
from isocourse.library import Assessment
from isocourse.logic.truth import Truth
from isocourse.render.page import Page
from isocourse.render.today import (
    missing_lines,
    not_today_lines,
    partings_lines,
    person,
    red_lines,
    rest_lines,
    second_look_lines,
)
from isocourse.render.words import (
    STATUS,
    answer_words,
    label,
    names,
    short,
    short_of,
)

TITLES = (
    "STOP NOW",
    "NOT TODAY, BECAUSE",
    "CANNOT TELL UNTIL",
    "DISAGREEMENTS THAT CHANGE WHAT YOU DO",
    "WORTH A SECOND LOOK",
    "THE REST",
)
EMPTY = {
    "STOP NOW": "No red line is known to hold.",
    "NOT TODAY, BECAUSE": "Nothing found on file.",
    "WORTH A SECOND LOOK": "No tactic on our list is known to be in use.",
}
"""What stands under a heading with nothing below it, where "Nothing." could be taken for more."""


def page(seen: Assessment, width: int, *, matrix: bool = False, full: bool = False) -> str:
    """Today, then the matrix if it is asked for.

    Args:
        seen: the assessment.
        width: columns of the terminal.
        matrix: whether every question under every protocol follows.
        full: whether the folded rest is written out, the matrix too.
    """
    out = Page(width)
    header(out, seen, full)
    _today(out, seen, full)
    if matrix or full:
        _matrix(out, seen)
    in_the_file(out, seen, full)
    out.put("")
    out.put(verdict(seen))
    return out.text()


# the head ------------------------------------------------------------------------------------------------------------------
def header(out: Page, seen: Assessment, full: bool) -> None:
    """Who it is, as of when, what governs and what is in doubt, the orders."""
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
        if where and seen.asked.protocols:
            why = f"none of those asked for ({', '.join(seen.asked.protocols)}) governs in {where}, or we have not read it"
        out.put(f"No governing protocol: {why}. What the file breaks under every protocol that speaks stands first.")
    if seen.governs and (unread := _unread(seen, seen.asked.jurisdiction or seen.record.jurisdiction)):
        out.put(f"Also in force, and not read by us{unread}.", 2)
    unsure = [
        f"{short_of(seen, key)} ({why})"
        for key, why in seen.doubts
        if not seen.governs or any(edition.key == key for edition in seen.governs)
    ]
    if unsure and (seen.governs or len(unsure) <= DOUBTS_SHOWN):
        out.put(f"Not certain to be in force today: {'; '.join(unsure)}.", 2)
    elif unsure:
        out.put(
            f"{len(unsure)} of {len(seen.editions)} documents are not certain to be in force today: see `isocourse protocols`.",
            2,
        )
    if seen.record.problems:
        count = len(seen.record.problems)
        out.put(f"{count} entr{'ies' if count > 1 else 'y'} of the file doubtful or left out: see IN THE FILE.", 2)
    out.put_some([order_line(order) for order in _live_first(seen.orders)], "orders", full, ORDERS_SHOWN)
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


DOUBTS_SHOWN = 3
"""Documents in doubt that are named where none governs; more are counted."""

ORDERS_SHOWN = 4
"""Orders above Today; more of them would push what is dangerous off the first page."""


def _live_first(orders: tuple[Order, ...]) -> list[Order]:
    """Orders that are judged before those that are over."""
    states = ("draft", "current", "supply_ended", "ended")
    return sorted(orders, key=lambda order: states.index(order.state))


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
        not_today_lines(seen),
        missing_lines(seen, full=full),
        partings_lines(seen, full=full),
        _second_look(seen, full),
        rest_lines(seen),
    ]
    for title, lines in zip(TITLES, lists, strict=True):
        out.head(title)
        if not lines:
            out.put(EMPTY.get(title, "Nothing."), 2)
        for line in lines:
            out.put(line.lstrip(), 2 + len(line) - len(line.lstrip()))


def _second_look(seen: Assessment, full: bool) -> list[str]:
    """The tactics, or that they wait for a red line."""
    if seen.today.withheld:
        return ["Not shown while something stands under STOP NOW."]
    return [line for tactic in seen.today.second_look for line in second_look_lines(seen, tactic, full=full)]


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
        for told, who in _alike(seen, rows):
            out.put(f"{who}: {told}", 2, wide + 2)
        for answer in rows:
            for name, _, other in answer.otherwise_read:
                if (told := answer_words(seen, other)) != answer_words(seen, answer):
                    out.put(f"{label(answer)} would differ if read as {name.replace('_', ' ')}: {told}", 4, wide + 2)


def _alike(seen: Assessment, rows: list[Answer]) -> list[tuple[str, str]]:
    """What is said on a point, and by whom; those who govern first, those who say the same together, silence last."""
    gathered: dict[str, list[Answer]] = {}
    for answer in sorted(rows, key=lambda answer: (not answer.speaks, answer.edition not in seen.governs)):
        gathered.setdefault(answer_words(seen, answer), []).append(answer)
    return [(told, ", ".join(dict.fromkeys(label(answer) for answer in who))) for told, who in gathered.items()]


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
    return names(seen.library, Notes(seen.library.program, seen.values, seen.snapshot).missing(definition.node))


# the file ------------------------------------------------------------------------------------------------------------------
def in_the_file(out: Page, seen: Assessment, full: bool) -> None:
    """What could not be used as it stands, what no rule reads, what has no day."""
    record = seen.record
    if record.problems:
        out.head("IN THE FILE")
        out.put_some([problem.line() for problem in record.problems], "problems", full)
    if record.unjudged:
        out.head("READ, BUT NOT JUDGED BY ANY RULE HERE")
        gathered: dict[tuple[str, str, str], int] = {}
        for each in record.unjudged:
            gathered[each.kind, each.what, each.why] = gathered.get((each.kind, each.what, each.why), 0) + 1
        told = [
            f"{kind}: {what}{f' x {count}' if count > 1 else ''}{f' ({why})' if why else ''}"
            for (kind, what, why), count in gathered.items()
        ]
        out.put_some(told, "kinds of entry", full)
    undated = [
        event
        for event in record.events
        if not event.dated and event.stream not in ("recorded_gender", "sex_at_birth") and not event.item
    ]
    if undated:
        out.head("WITHOUT A DAY OF THEIR OWN: SHOWN, NOT USED WHERE A DATE MATTERS")
        out.put_some([_undated(event) for event in undated], "values", full)


def _undated(event: Event) -> str:
    known = f", known by {show_span(event.known)}" if event.known else ""
    return f"{event.stream.replace('_', ' ')}: {event.written}{known} [{event.origin}]"


def verdict(seen: Assessment) -> str:
    """The best that is ever said: nothing against it found, never that it is safe."""
    done = seen.today
    under = ", ".join(short(edition) for edition in seen.governs) or "the protocols here"
    left_out = sum(problem.left_out for problem in seen.record.problems)
    first = f"Not judged in full: {left_out} entr{'ies' if left_out > 1 else 'y'} left out. " if left_out else ""
    count = f"{done.answered} of {done.asked} points answered"
    if done.against:
        return f"{first}Something against it was found under {under} ({count})."
    return f"{first}Nothing against it found under {under} ({count}); the other points are open or unread, so this clears nobody.{_but(seen)}"


def _but(seen: Assessment) -> str:
    """What a reader of the verdict must not overlook: what others call broken, and what is missing."""
    broken = [answer for answer in seen.answers if answer.kept is Kept.BROKEN]
    who = ", ".join(dict.fromkeys(label(answer) for answer in broken))
    told = f" The file breaks {who}: see DISAGREEMENTS; --matrix lists every question." if broken else ""
    count = len(seen.today.cannot_tell)
    return told + (f" {count} fact{'s are' if count > 1 else ' is'} missing: see CANNOT TELL." if count else "")
