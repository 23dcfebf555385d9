"""What the file breaks: under the governing protocol, or, where nothing governing speaks, under every protocol that does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from isocourse.decisions.answers import Answer, Verdict, by_point, joined
from isocourse.decisions.kept import Kept
from isocourse.decisions.tables import AUTHORITY, Edition, Point, Shape, Status
from isocourse.facts.declare import Fact


class Breach(Struct, frozen=True):
    """Something the file breaks: under the governing protocol, or under every protocol that speaks."""

    point: Point
    answers: tuple[Answer, ...]
    about: str = ""
    """The kind of finding or duty, or nothing."""
    governed: bool = False
    unheard: bool = False
    """A protocol governs, but nothing of it was read that speaks of this; every protocol that does speak stands in."""
    milder: tuple[Answer, ...] = ()
    """Texts of lesser authority that speak of it more mildly; they do not silence the others, and are named."""


def breaches(answers: Sequence[Answer], governs: Sequence[Edition], facts: Mapping[str, Fact]) -> list[Breach]:
    """The breaches, point by point.

    Args:
        answers: all answers.
        governs: the governing editions; may be empty.
        facts: the declared facts, to tell papers from the rest.
    """
    found: list[Breach] = []
    for here in by_point(answers).values():
        point = here[0].point
        bound = [answer for answer in here if answer.edition in governs]
        speaking = [answer for answer in here if answer.speaks]
        for about in _abouts(speaking):
            broken = [answer for answer in speaking if _broken(answer, about)]
            governed = [answer for answer in broken if answer.edition in governs]
            if governed:
                found.append(Breach(point, tuple(governed), about, governed=True))
            elif broken and _unheard(bound, point, about) and not _foreign_paper(bound, broken, about, facts):
                others = [
                    answer
                    for answer in speaking
                    if all(answer is not each for each in broken) and _speaks_of(answer, about)
                ]
                if not any(_dissents(answer, broken, about) for answer in others):
                    found.append(Breach(point, tuple(broken), about, unheard=bool(governs), milder=tuple(others)))
    return found


def _abouts(answers: Sequence[Answer]) -> list[str]:
    """The kinds of finding or duty met, or one empty word for a choice or range."""
    if answers and answers[0].point.shape in (Shape.CHOICE, Shape.RANGE):
        return [""]
    return list(dict.fromkeys(about for each in answers for verdict in each.verdicts for about in verdict.row.subjects))


def _broken(answer: Answer, about: str) -> bool:
    if not about:
        return answer.kept is Kept.BROKEN
    return any(verdict.kept is Kept.BROKEN for verdict in answer.applying.get(about, ()) if _judged(verdict, about))


def _judged(verdict: Verdict, about: str) -> bool:
    """Whether what the file shows of a row is about this; of steps it shows the dose of isotretinoin only."""
    return not verdict.row.steps or about == "dose"


def _speaks_of(answer: Answer, about: str) -> bool:
    """Whether it certainly speaks of this case; what depends on a missing fact does not speak against."""
    return not about or about in answer.applying


# where nothing governing speaks --------------------------------------------------------------------------------------------
def _unheard(bound: Sequence[Answer], point: Point, about: str) -> bool:
    """Whether no governing text says anything of it: it is silent on the point, or was not read, or only in part.

    A duty that a governing text read only in part does not name may stand under another name there, so a schedule counts as a whole.
    """
    if point.shape in (Shape.SCHEDULE, Shape.STEPS):
        return not any(answer.edition.cell(point.name).status is Status.ANSWERED for answer in bound)
    return not any(_names(answer, about) or answer.edition.cell(point.name).read_whole for answer in bound)


def _names(answer: Answer, about: str) -> bool:
    """Whether it has a row of this, whatever the row comes to for this patient."""
    return any(about in verdict.row.subjects for verdict in answer.verdicts) if about else answer.speaks


def _foreign_paper(bound: Sequence[Answer], broken: Sequence[Answer], about: str, facts: Mapping[str, Fact]) -> bool:
    """Whether only papers are lacking, and a governing text was read and asks for none: papers bind where they were ordered."""
    if not bound or any(answer.status is Status.NOT_READ for answer in bound):
        return False
    reasons = [verdict.unmet for answer in broken for verdict in answer.applying.get(about, ()) if verdict.unmet]
    names = [name for reason in reasons for leaf in reason.leaves() for name in leaf.node.names]
    return bool(names) and all(name in facts and facts[name].kind == "documentary" for name in names)


def _dissents(answer: Answer, broken: Sequence[Answer], about: str) -> bool:
    """Whether it holds that the file is in order, or may be. What no file can show speaks against only with equal authority."""
    rows = answer.applying.get(about, ())
    kept = joined([each.kept for each in rows if _judged(each, about)]) if about else answer.kept
    return kept is not Kept.NOT_SHOWN or _rank(answer) <= min(_rank(each) for each in broken)


def _rank(answer: Answer) -> int:
    return AUTHORITY.index(answer.edition.authority)
