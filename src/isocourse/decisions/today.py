"""Today: what a clinician sees first, in five lists of fixed order, and tactics worth a second look before the last of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from isocourse.decisions.answers import Answer, Verdict
from isocourse.decisions.breaches import Breach, breaches
from isocourse.decisions.gate import Gate
from isocourse.decisions.kept import Kept
from isocourse.decisions.lapsed import RED_POINTS, Lapsed, forbids_outright
from isocourse.decisions.opposed import Clash
from isocourse.decisions.tables import Edition, OrderCheck, Point, RedLine, Shape, Status, Tactic
from isocourse.facts.declare import OBTAIN, Fact
from isocourse.logic.truth import Truth


class RedFinding(Struct, frozen=True):
    """A red line that certainly holds, or an absolute of the governing protocol."""

    line: RedLine | None
    answer: Answer | None = None
    verdict: Verdict | None = None


Held = Breach | OrderCheck | Gate | Lapsed
"""Anything that holds up a start or a supply."""


class Missing(Struct, frozen=True):
    """A fact that is not known, and the questions it would help to settle."""

    fact: str
    obtain: str
    points: tuple[str, ...]
    protocols: tuple[str, ...]


class Parting(Struct, frozen=True):
    """One point on which the answers part for this patient."""

    point: Point
    about: str
    kind: str
    """opposed, possible or split."""
    answers: tuple[Answer, ...]
    """Every position that takes part."""
    anchor: str = ""
    """For duties whose windows do not meet: what the windows lie around."""
    sides: tuple[Answer, ...] = ()
    """Those by whom it parts as `kind` says, whatever they leave open; the others of `answers` may join a side."""


class Today(Struct, frozen=True):
    """The five lists. The rest is every answer that stands in none of them."""

    stop_now: tuple[RedFinding, ...] = ()
    not_today: tuple[Held, ...] = ()
    cannot_tell: tuple[Missing, ...] = ()
    disagreements: tuple[Parting, ...] = ()
    rest: tuple[Answer, ...] = ()
    answered: int = 0
    points: int = 0
    """For the verdict: "n of m points answered" under what governs, or under all that speak."""
    against: bool = field(default=False)
    """Whether anything stands against it under what governs; with nothing governing, under every protocol that speaks."""
    second_look: tuple[Tactic, ...] = ()
    """Tactics that certainly hold; shown between the disagreements and the rest. They never count as broken rules."""
    asked: tuple[tuple[Answer, Verdict], ...] = ()
    """What governs demands of this patient and no file can show as done: to refer, to assess, to watch."""
    withheld: bool = field(default=False)
    """Whether tactics were left unshown because of a red line: what to do with the dose is no question while one holds."""


class Seen(Struct, frozen=True):
    """Everything that Today is made from."""

    answers: tuple[Answer, ...]
    governs: tuple[Edition, ...]
    red: tuple[RedLine, ...]
    """Those that certainly hold."""
    checks: tuple[OrderCheck, ...]
    """Those that certainly hold."""
    gate: Gate
    clashes: tuple[Clash, ...]
    facts: Mapping[str, Fact]
    tactics: tuple[Tactic, ...] = ()
    """Those that certainly hold."""
    lapsed: tuple[Lapsed, ...] = ()
    arises: frozenset[str] = frozenset()
    """The points that certainly arise for this patient."""


def today(seen: Seen) -> Today:
    """The five lists for one patient."""
    red = _red(seen)
    found = breaches(seen.answers, seen.governs, seen.facts)
    held: list[Held] = [*seen.lapsed, *seen.checks]
    if not seen.gate.free:
        held.append(seen.gate)
    held.extend(found)
    partings = _partings(seen.clashes)
    used = {id(answer) for parting in partings for answer in parting.answers} | {
        id(answer) for breach in found for answer in breach.answers
    }
    rest = tuple(answer for answer in seen.answers if id(answer) not in used)
    counted = [answer for answer in seen.answers if not seen.governs or answer.edition in seen.governs]
    points = {answer.point.name for answer in counted}
    answered = {answer.point.name for answer in counted if answer.status is Status.ANSWERED}
    return Today(
        red,
        tuple(held),
        _missing(seen),
        partings,
        rest,
        len(answered),
        len(points),
        bool(red or [each for each in held if not (isinstance(each, Breach) and each.unheard)]),
        () if red else seen.tactics,
        _asked(seen),
        bool(red and seen.tactics),
    )


# stop now --------------------------------------------------------------------------------------------------------------------
def _red(seen: Seen) -> tuple[RedFinding, ...]:
    found = [RedFinding(line) for line in seen.red]
    named = {line.name for line in seen.red}
    for answer in seen.answers:
        if answer.edition in seen.governs and answer.point.name in RED_POINTS:
            found.extend(
                RedFinding(None, answer, verdict)
                for verdict in answer.verdicts
                if verdict.applies is Truth.YES
                and forbids_outright(answer, verdict.row)
                and verdict.row.find not in named
            )
    return tuple(found)


# demanded, and not to be seen on any file ----------------------------------------------------------------------------------
def _asked(seen: Seen) -> tuple[tuple[Answer, Verdict], ...]:
    """Findings of what governs that certainly apply and must be followed, where no file can show whether they are; deeds first."""
    found = [
        (answer, verdict)
        for answer in seen.answers
        if answer.edition in seen.governs and answer.point.name in seen.arises and answer.point.shape is Shape.FINDINGS
        for verdict in answer.verdicts
        if verdict.applies is Truth.YES and verdict.row.force == "must" and verdict.kept is Kept.NOT_SHOWN
    ]
    return tuple(sorted(found, key=lambda each: _only_allows(*each)))


def _only_allows(answer: Answer, verdict: Verdict) -> bool:
    return all(answer.point.option(name).stand == "allows" for name in verdict.row.take)


# cannot tell until -------------------------------------------------------------------------------------------------------------
def _missing(seen: Seen) -> tuple[Missing, ...]:
    """The facts that keep answers open, cheapest first, then by how many questions they would help to settle."""
    points: dict[str, dict[str, None]] = {}
    protocols: dict[str, dict[str, None]] = {}
    for answer in seen.answers:
        if seen.governs and answer.edition not in seen.governs:
            continue
        for name in (*answer.missing, *(name for verdict in answer.verdicts for name in verdict.unshown)):
            points.setdefault(name, {})[answer.point.name] = None
            protocols.setdefault(name, {})[answer.edition.key] = None
    found = [Missing(name, _obtain(name, seen.facts), tuple(points[name]), tuple(protocols[name])) for name in points]
    return tuple(sorted(found, key=lambda each: (OBTAIN.index(each.obtain), -len(each.points), -len(each.protocols))))


def _obtain(name: str, facts: Mapping[str, Fact]) -> str:
    fact = facts.get(name.partition(".")[0])
    return fact.obtain if fact else "ask"


# disagreements -----------------------------------------------------------------------------------------------------------------
def _partings(found: Sequence[Clash]) -> tuple[Parting, ...]:
    """Clashes gathered by point and subject; the strongest kind names the whole."""
    gathered: dict[tuple[str, str, str], list[Clash]] = {}
    for clash in found:
        gathered.setdefault((clash.point.name, clash.about, clash.anchor), []).append(clash)
    strength = ("opposed", "split", "possible")
    partings = []
    for (_, about, anchor), several in gathered.items():
        kind = min((clash.kind for clash in several), key=strength.index)
        taking = {id(answer): answer for clash in several for answer in (clash.one, clash.other)}
        sides = {id(answer): answer for clash in several if clash.kind == kind for answer in (clash.one, clash.other)}
        parting = Parting(several[0].point, about, kind, tuple(taking.values()), anchor, tuple(sides.values()))
        partings.append(parting)
    return tuple(sorted(partings, key=lambda parting: strength.index(parting.kind)))
