"""Today's lists as entries for a page: a head, and what stands under it, from the same lines that the terminal prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from isocourse.library import Assessment
from isocourse.render.commands import without_commands
from isocourse.render.page import Lines
from isocourse.render.terminal import header, in_the_file, verdict
from isocourse.render.today import missing_lines, not_today_lines, partings_lines, red_lines, second_look_lines


@dataclass(slots=True)
class Entry:
    """One entry of a list."""

    head: str
    under: list[tuple[int, str]] = field(default_factory=list)
    """Depth and text of each line under the head."""


@dataclass(frozen=True, slots=True)
class TodayView:
    """Today as the page shows it."""

    who: str
    head: list[str]
    stop_now: list[Entry]
    not_today: list[Entry]
    cannot_tell: list[Entry]
    disagreements: list[Entry]
    second_look: list[Entry]
    withheld: bool
    file: list[tuple[str, list[str]]]
    verdict: str
    against: bool
    missing: int
    outside: bool


def today_view(seen: Assessment) -> TodayView:
    """Everything that the page shows first."""
    top = Lines()
    header(top, seen, full=True)
    who, *head = [without_commands(text) for _, text in top.told]
    return TodayView(
        who,
        head,
        entries(line for finding in seen.today.stop_now for line in red_lines(seen, finding)),
        entries(not_today_lines(seen)),
        entries(missing_lines(seen, full=True)),
        entries(partings_lines(seen, full=True)),
        entries(line for tactic in seen.today.second_look for line in second_look_lines(seen, tactic)),
        seen.today.withheld,
        in_file(seen),
        without_commands(verdict(seen)),
        seen.today.against,
        len(seen.today.cannot_tell),
        seen.outside,
    )


def entries(lines: Iterable[str]) -> list[Entry]:
    """Lines gathered under their heads.

    >>> entries(["- a", "    b", "- c"])
    [Entry(head='a', under=[(1, 'b')]), Entry(head='c', under=[])]
    """
    found: list[Entry] = []
    for line in lines:
        text, depth = without_commands(line.strip()), (len(line) - len(line.lstrip())) // 2
        if depth == 0 or not found:
            found.append(Entry(text.removeprefix("- ").removeprefix("! ")))
        else:
            found[-1].under.append((max(1, depth - 1), text))
    return found


def in_file(seen: Assessment) -> list[tuple[str, list[str]]]:
    """What is to be said of the file itself: a head, and its lines."""
    out = Lines()
    in_the_file(out, seen, full=True)
    found: list[tuple[str, list[str]]] = []
    for depth, text in out.told:
        if depth < 0:
            found.append((text, []))
        else:
            found[-1][1].append(text)
    return found
