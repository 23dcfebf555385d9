"""Today and the matrix as plain text for a terminal of any width, without relying on colour."""

from __future__ import annotations

from collections.abc import Callable

from isocourse.decisions.answers import Answer
from isocourse.decisions.binding import was_read
from isocourse.decisions.breaches import Breach
from isocourse.decisions.kept import Kept
from isocourse.decisions.notes import Notes
from isocourse.decisions.tables import Status
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.days import Span, show_span
from isocourse.facts.record import Event, Order
from isocourse.facts.sentence import as_written, where_known
from isocourse.library import Assessment
from isocourse.logic.truth import Truth
from isocourse.render.frames import DRAFT
from isocourse.render.page import Page
from isocourse.render.today import (
    entries_in,
    missing_lines,
    not_today_lines,
    partings_lines,
    person,
    red_lines,
    rest_lines,
    second_look_lines,
    supply_lines,
)
from isocourse.render.words import (
    STATUS,
    TRUTH,
    answer_words,
    label,
    names,
    reading_name,
    short,
    short_of,
)
from isocourse.render.written import written_words

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

FIXED = {
    **{f"title.{title.lower().partition(',')[0].replace(' ', '_')}": title for title in TITLES},
    **{f"empty.{title.lower().partition(',')[0].replace(' ', '_')}": text for title, text in EMPTY.items()},
    "empty.other": "Nothing.",
    "title.matrix": "EVERY QUESTION, EVERY PROTOCOL",
    "title.file": "IN THE FILE",
    "order.dated": "Order of {day}: {what} ({state}); {reason} [{origin}]",
    "order.undated": "Order: {what} ({state}); {reason} [{origin}]",
    "order.reason": "reason: {reason}",
    "order.no_reason": "no reason given",
    "order.drafted": "drafted, judged as if given today",
    "order.ended_on": "said to be active, but supply ended on {day}",
    "order.ended_by": "said to be active, but supply ended by {day} at the latest",
    "file.known_by": ", known by {day}",
    "more.orders": "and {n} more orders; --full lists them",
    "more.problems": "and {n} more entries of the file; --full lists them",
    "more.kinds": "and {n} more kinds of entry; --full lists them",
    "more.values": "and {n} more values; --full lists them",
    "title.unjudged": "READ, BUT NOT JUDGED BY ANY RULE HERE",
    "title.undated": "WITHOUT A DAY OF THEIR OWN: SHOWN, NOT USED WHERE A DATE MATTERS",
    "head.as_of": "{who}, as of {day}",
    "head.draft": DRAFT,
    "head.governing": "Governing: {titles}",
    "head.none": "No governing protocol: {why}. What the file breaks under every protocol that speaks stands first.",
    "head.unread": "we have not read what governs in {place}{titles}",
    "head.no_place": "the file does not say in which jurisdiction the course is; give --jurisdiction",
    "head.not_asked": "none of those asked for ({protocols}) governs in {place}, or we have not read it",
    "head.also": "Also in force, and not read by us{titles}.",
    "head.unsure": "Not certain to be in force today: {who}.",
    "head.unsure_count": "{n} of {all} documents are not certain to be in force today: see `isocourse protocols`.",
    "head.problem": "{n} entry of the file doubtful or left out: see IN THE FILE.",
    "head.problems": "{n} entries of the file doubtful or left out: see IN THE FILE.",
    "head.outside": "OUTSIDE: the order's reason is not acne, so these protocols do not speak of this use. Its dangers are judged all the "
    "same: pregnancy, contraindications, interactions, dose ceiling, supply.",
    "look.withheld": "Not shown while something stands under STOP NOW.",
    "able.head": "Able to become pregnant (each protocol's own definition)",
    "able.depends": "depends on: {facts}",
    "read_as": "{who} would differ if read as {reading}: {answer}",
    "verdict.against": "Something against it was found under {who} ({count}).",
    "verdict.nothing": "Nothing against it found under {who} ({count}); the other points are open or unread, so this clears nobody.",
    "verdict.count": "{n} of {all} points answered",
    "verdict.here": "the protocols here",
    "verdict.left_out": "Not judged in full: {n} entry left out.",
    "verdict.left_outs": "Not judged in full: {n} entries left out.",
    "verdict.breaks": "The file breaks {who}: see DISAGREEMENTS; --matrix lists every question.",
    "verdict.unheard": "Where nothing governing was read, {n} broken under every protocol that speaks.",
    "short": "In short: {told}. The verdict stands last.",
    "short.stop": "stop now for {n} reason",
    "short.stops": "stop now for {n} reasons",
    "short.against": "{n} thing against it today",
    "short.againsts": "{n} things against it today",
    "short.unheard": "{n} broken where nothing governing was read",
    "short.missing": "{n} thing to find out",
    "short.missings": "{n} things to find out",
    "short.left_out": "{n} entry left out",
    "short.left_outs": "{n} entries left out",
    "short.nothing": "nothing found against it under what was read, which clears nobody",
    "verdict.missing": "{n} thing is to be found out: see CANNOT TELL.",
    "verdict.missings": "{n} things are to be found out: see CANNOT TELL.",
}
"""The frames of the lines below, each under its key."""


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
    w, said, where = seen.words, person(seen), seen.asked.jurisdiction or seen.record.jurisdiction
    out.put(w(FIXED["head.as_of"], who=said[0].upper() + said[1:], day=w.day(seen.asked.as_of)))
    if w.draft:
        out.put(w(DRAFT))
    out.put(summary(seen))
    if seen.governs:
        out.put(w(FIXED["head.governing"], titles="; ".join(w(edition.title) for edition in seen.governs)))
        if unread := _unread(seen, where):
            out.put(w(FIXED["head.also"], titles=unread), 2)
    else:
        out.put(w(FIXED["head.none"], why=_no_governing(seen, where)))
    unsure = [
        f"{short_of(seen, key)} ({w(why)})"
        for key, why in seen.doubts
        if not seen.governs or any(edition.key == key for edition in seen.governs)
    ]
    if unsure and (seen.governs or len(unsure) <= DOUBTS_SHOWN):
        out.put(w(FIXED["head.unsure"], who="; ".join(unsure)), 2)
    elif unsure:
        out.put(w(FIXED["head.unsure_count"], n=len(unsure), all=str(len(seen.editions))), 2)
    if count := len(seen.record.problems):
        out.put(w(FIXED["head.problems" if count > 1 else "head.problem"], n=count), 2)
    out.put_some([order_line(order, w) for order in _live_first(seen.orders)], _more("orders", w), full, ORDERS_SHOWN)
    if seen.outside:
        out.put(w(FIXED["head.outside"]), 2)


def _no_governing(seen: Assessment, where: str) -> str:
    """Why no protocol governs."""
    if where and seen.asked.protocols:
        return seen.words(FIXED["head.not_asked"], protocols=", ".join(seen.asked.protocols), place=where)
    if where:
        return seen.words(FIXED["head.unread"], place=where, titles=_unread(seen, where))
    return seen.words(FIXED["head.no_place"])


def _unread(seen: Assessment, where: str) -> str:
    """The editions that bind there and that nobody here has read."""
    unread = [
        seen.words(edition.title)
        for edition in seen.editions
        if where in edition.jurisdictions and not was_read(edition)
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


def order_line(order: Order, w: Wording = ENGLISH) -> str:
    """One order on one line."""
    reason = (
        w(FIXED["order.reason"], reason=as_written(order.reason, w)) if order.reason else w(FIXED["order.no_reason"])
    )
    told = {"what": as_written(order.written, w), "state": _state(order, w), "reason": reason, "origin": order.origin}
    if order.day is None or order.state == "draft":
        return w(FIXED["order.undated"], **told)
    day = w.day(order.day.first) if order.day.known else show_span(order.day)
    return w(FIXED["order.dated"], day=day, **told)


def _state(order: Order, w: Wording) -> str:
    if order.state == "supply_ended" and order.supply_ended:
        frame = "order.ended_on" if order.supply_ended.known else "order.ended_by"
        return w(FIXED[frame], day=w.day(order.supply_ended.last))
    return w({"draft": FIXED["order.drafted"], "current": "active", "ended": "ended"}[order.state])


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
        out.head(seen.words(title))
        if not lines:
            out.put(seen.words(EMPTY.get(title, FIXED["empty.other"])), 2)
        for line in lines:
            out.put(line.lstrip(), 2 + len(line) - len(line.lstrip()))


def _second_look(seen: Assessment, full: bool) -> list[str]:
    """The tactics, or that they wait for a red line."""
    if seen.today.withheld:
        return [seen.words(FIXED["look.withheld"])]
    return [line for tactic in seen.today.second_look for line in second_look_lines(seen, tactic, full=full)]


# the matrix ----------------------------------------------------------------------------------------------------------------
def _matrix(out: Page, seen: Assessment) -> None:
    w = seen.words
    out.head(w(FIXED["title.matrix"]))
    wide = min(22, max((len(label(answer, w)) for answer in seen.answers), default=0))
    out.put("")
    out.put(w(FIXED["able.head"]))
    for edition in seen.editions:
        out.put(f"{short(edition, w):<{wide}}  {_able_words(seen, edition.key)}", 2, wide + 2)
    for point in seen.library.points:
        rows = [answer for answer in seen.answers if answer.point is point]
        if not rows:
            continue
        out.put("")
        out.put(f"{w(point.title)}: {w(point.question)}")
        for told, who in _alike(seen, rows):
            out.put(f"{who}: {told}", 2, wide + 2)
        for answer in rows:
            for name, _, other in answer.otherwise_read:
                if (told := answer_words(seen, other)) != answer_words(seen, answer):
                    reading = {"who": label(answer, w), "reading": reading_name(name, w), "answer": told}
                    out.put(w(FIXED["read_as"], **reading), 4, wide + 2)


def _alike(seen: Assessment, rows: list[Answer]) -> list[tuple[str, str]]:
    """What is said on a point, and by whom; those who govern first, those who say the same together, silence last."""
    gathered: dict[str, list[Answer]] = {}
    for answer in sorted(rows, key=lambda answer: (not answer.speaks, answer.edition not in seen.governs)):
        gathered.setdefault(answer_words(seen, answer), []).append(answer)
    return [
        (told, ", ".join(dict.fromkeys(label(answer, seen.words) for answer in who))) for told, who in gathered.items()
    ]


def _able_words(seen: Assessment, key: str) -> str:
    truth = dict(seen.able).get(key)
    if truth is None:
        edition = seen.library.edition(key)
        definition = edition.definition("able_to_become_pregnant")
        return seen.words(STATUS[definition.status] if definition else STATUS[Status.SILENT])
    if truth is Truth.UNKNOWN:
        return seen.words(FIXED["able.depends"], facts=_able_missing(seen, key))
    return seen.words(TRUTH[truth])


def _able_missing(seen: Assessment, key: str) -> str:
    edition = seen.library.edition(key)
    definition = edition.definition("able_to_become_pregnant")
    assert definition is not None
    missing = Notes(seen.library.program, seen.values, seen.snapshot).missing(definition.node)
    return names(seen.library, missing, w=seen.words)


def _more(what: str, w: Wording) -> Callable[[int], str]:
    return lambda n: w(FIXED[f"more.{what}"], n=n)


# the file ------------------------------------------------------------------------------------------------------------------
def in_the_file(out: Page, seen: Assessment, full: bool) -> None:
    """What could not be used as it stands, what no rule reads, what has no day."""
    record = seen.record
    if record.problems:
        out.head(seen.words(FIXED["title.file"]))
        out.put_some([problem.line(seen.words) for problem in record.problems], _more("problems", seen.words), full)
    if record.unjudged:
        out.head(seen.words(FIXED["title.unjudged"]))
        gathered: dict[tuple[str, str, str], int] = {}
        for each in record.unjudged:
            gathered[each.kind, each.what, each.why] = gathered.get((each.kind, each.what, each.why), 0) + 1
        w = seen.words
        told = [
            f"{where_known(kind, w)}: {what}{f' x {count}' if count > 1 else ''}{f' ({where_known(why, w)})' if why else ''}"
            for (kind, what, why), count in gathered.items()
        ]
        out.put_some(told, _more("kinds", seen.words), full)
    undated = [
        event
        for event in record.events
        if not event.dated and event.stream not in ("recorded_gender", "sex_at_birth") and not event.item
    ]
    if undated:
        out.head(seen.words(FIXED["title.undated"]))
        out.put_some([_undated(event, seen.words) for event in undated], _more("values", seen.words), full)


def _undated(event: Event, w: Wording) -> str:
    name = where_known(event.stream.replace("_", " "), w)
    known = w(FIXED["file.known_by"], day=_span_words(event.known, w)) if event.known else ""
    return f"{name}: {written_words(event.written, w)}{known} [{event.origin}]"


def _span_words(span: Span, w: Wording) -> str:
    return w.day(span.first) if span.known else show_span(span)


def summary(seen: Assessment) -> str:
    """What stands against it in one line, to be read first: how many entries the first three lists have, and never that nothing does."""
    done, w = seen.today, seen.words
    counts = (
        (len(done.stop_now), "short.stop", "short.stops"),
        (_held(seen, unheard=False), "short.against", "short.againsts"),
        (_held(seen, unheard=True), "short.unheard", "short.unheard"),
        (entries_in(missing_lines(seen, full=True)), "short.missing", "short.missings"),
        (sum(problem.left_out for problem in seen.record.problems), "short.left_out", "short.left_outs"),
    )
    told = [w(FIXED[one if count == 1 else many], n=count) for count, one, many in counts if count]
    if not done.against:
        told.insert(0, w(FIXED["short.nothing"]))
    return w(FIXED["short"], told=", ".join(told))


def _held(seen: Assessment, *, unheard: bool) -> int:
    """How many entries of what holds up a start or a supply rest on no governing text, or how many do."""
    held = [each for each in seen.today.not_today if (isinstance(each, Breach) and each.unheard) is unheard]
    return entries_in(supply_lines(seen, held))


def verdict(seen: Assessment) -> str:
    """The best that is ever said: nothing against it found, never that it is safe."""
    done, w = seen.today, seen.words
    under = ", ".join(short(edition, w) for edition in seen.governs) or w(FIXED["verdict.here"])
    left_out = sum(problem.left_out for problem in seen.record.problems)
    left = w(FIXED["verdict.left_outs" if left_out > 1 else "verdict.left_out"], n=left_out)
    count = w(FIXED["verdict.count"], n=done.answered, all=str(done.points))
    unheard = _held(seen, unheard=True)
    others = [w(FIXED["verdict.unheard"], n=unheard)] if unheard else []
    found = w(FIXED["verdict.against" if done.against else "verdict.nothing"], who=under, count=count)
    told = [*([left] if left_out else []), found, *others, *([] if done.against else _but(seen))]
    return " ".join(told)


def _but(seen: Assessment) -> list[str]:
    """What a reader of the verdict must not overlook: what others call broken, and what is missing."""
    w, count = seen.words, entries_in(missing_lines(seen, full=True))
    broken = [answer for answer in seen.answers if answer.kept is Kept.BROKEN]
    who = ", ".join(dict.fromkeys(label(answer, w) for answer in broken))
    told = [w(FIXED["verdict.breaks"], who=who)] if broken else []
    return told + ([w(FIXED["verdict.missings" if count > 1 else "verdict.missing"], n=count)] if count else [])
