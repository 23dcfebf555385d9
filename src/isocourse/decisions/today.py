"""Today: what a clinician sees first, in five lists of fixed order, and tactics worth a second look before the last of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from isocourse.decisions.answers import Answer, Verdict
from isocourse.decisions.gate import Gate
from isocourse.decisions.kept import Kept
from isocourse.decisions.opposed import Clash
from isocourse.decisions.tables import Edition, OrderCheck, Point, RedLine, Shape, Status, Tactic
from isocourse.facts.declare import OBTAIN, Fact
from isocourse.logic.truth import Truth


@dataclass(frozen=True, slots=True)
class RedFinding:
    """A red line that certainly holds, or an absolute of the governing protocol."""

    line: RedLine | None
    answer: Answer | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """Something the file breaks: under the governing protocol, or under every protocol that speaks."""

    point: Point
    answers: tuple[Answer, ...]
    about: str = ""
    """The kind of finding or duty, or nothing."""
    governed: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is not known, and the questions it would help to settle."""

    fact: str
    obtain: str
    points: tuple[str, ...]
    protocols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parting:
    """One point on which the answers part for this patient."""

    point: Point
    about: str
    kind: str
    """opposed, possible or split."""
    answers: tuple[Answer, ...]
    """Every position that takes part."""
    anchor: str = ""
    """For duties whose windows do not meet: what the windows lie around."""


@dataclass(frozen=True, slots=True)
class Today:
    """The five lists. The rest is every answer that stands in none of them."""

    stop_now: tuple[RedFinding, ...] = ()
    not_today: tuple[Breach | OrderCheck | Gate, ...] = ()
    cannot_tell: tuple[Missing, ...] = ()
    disagreements: tuple[Parting, ...] = ()
    rest: tuple[Answer, ...] = ()
    answered: int = 0
    asked: int = 0
    """For the verdict: "n of m points answered" under what governs, or under all that speak."""
    against: bool = field(default=False)
    second_look: tuple[Tactic, ...] = ()
    """Tactics that certainly hold; shown between the disagreements and the rest. They never count as broken rules."""
    withheld: bool = field(default=False)
    """Whether tactics were left unshown because of a red line: what to do with the dose is no question while one holds."""


@dataclass(frozen=True, slots=True)
class Seen:
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


def today(seen: Seen) -> Today:
    """The five lists for one patient."""
    red = _red(seen)
    breaches = _breaches(seen)
    held: list[Breach | OrderCheck | Gate] = list(seen.checks)
    if not seen.gate.free:
        held.append(seen.gate)
    held.extend(breaches)
    partings = _partings(seen.clashes)
    used = {id(answer) for parting in partings for answer in parting.answers} | {
        id(answer) for breach in breaches for answer in breach.answers
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
        bool(red or held),
        () if red else seen.tactics,
        bool(red and seen.tactics),
    )


# stop now --------------------------------------------------------------------------------------------------------------------
def _red(seen: Seen) -> tuple[RedFinding, ...]:
    found = [RedFinding(line) for line in seen.red]
    named = {line.name for line in seen.red}
    for answer in seen.answers:
        if answer.edition in seen.governs and answer.point.name in ("contraindications", "stop_now"):
            found.extend(
                RedFinding(None, answer, verdict)
                for verdict in answer.verdicts
                if _absolute(answer.point, verdict) and verdict.row.find not in named
            )
    return tuple(found)


def _absolute(point: Point, verdict: Verdict) -> bool:
    forbids = all(point.option(name).stand == "forbids" for name in verdict.row.take)
    return verdict.applies is Truth.YES and verdict.row.force == "must" and forbids and bool(verdict.row.take)


# not today, because ------------------------------------------------------------------------------------------------------------
def _breaches(seen: Seen) -> list[Breach]:
    """What the file breaks under the governing protocol; with none, under every protocol that speaks."""
    found: list[Breach] = []
    for point in dict.fromkeys(answer.point for answer in seen.answers):
        speaking = [answer for answer in seen.answers if answer.point is point and answer.speaks]
        for about in _abouts(speaking):
            broken = [answer for answer in speaking if _broken(answer, about)]
            bound = [answer for answer in broken if answer.edition in seen.governs]
            if bound:
                found.append(Breach(point, tuple(bound), about, governed=True))
            elif (
                not seen.governs
                and broken
                and len(broken) == len([answer for answer in speaking if _speaks_of(answer, about)])
            ):
                found.append(Breach(point, tuple(broken), about))
    return found


def _abouts(answers: Sequence[Answer]) -> list[str]:
    """The kinds of finding or duty met, or one empty word for a choice or range."""
    if answers and answers[0].point.shape in (Shape.CHOICE, Shape.RANGE):
        return [""]
    return list(dict.fromkeys(about for each in answers for verdict in each.verdicts for about in verdict.row.subjects))


def _broken(answer: Answer, about: str) -> bool:
    if not about:
        return answer.kept is Kept.BROKEN
    return any(
        _judged(verdict, about) and verdict.applies is Truth.YES and verdict.kept is Kept.BROKEN
        for verdict in answer.verdicts
    )


def _judged(verdict: Verdict, about: str) -> bool:
    """Whether what the file shows of a row is about this; of steps it shows the dose of isotretinoin only."""
    return about in verdict.row.subjects and (not verdict.row.steps or about == "dose")


def _speaks_of(answer: Answer, about: str) -> bool:
    """Whether it certainly speaks of this case; what depends on a missing fact does not speak against."""
    return not about or any(
        about in verdict.row.subjects and verdict.applies is Truth.YES for verdict in answer.verdicts
    )


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
        partings.append(Parting(several[0].point, about, kind, tuple(taking.values()), anchor))
    return tuple(sorted(partings, key=lambda parting: strength.index(parting.kind)))
