"""What the terminal asks where capsules are handed out at a gate that is not open; the same gate as in the workbench."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import click
from msgspec import Struct

from isocourse.cli.options import HELD, NoAnswer, columns, print_json, styled

if TYPE_CHECKING:
    from isocourse.app.register import Known
    from isocourse.app.register_gate import AtGate, OnDay
    from isocourse.library import Library
    from isocourse.register.register import Register
    from isocourse.render.dispensing_text import Said

F = TypeVar("F", bound=Callable[..., object])
CLOSED, CANNOT_TELL, OPEN = "closed", "cannot_tell", "open"
STANDS = {CLOSED: "handing out is closed", CANNOT_TELL: "whether it may be handed out is not known"}
ALTHOUGH = {CLOSED: "--although-closed", CANNOT_TELL: "--although-not-known"}
NO_DAY = {
    "unclear": "write the whole day, such as 2026-03-02",
    "ahead": "this day lies ahead; what was handed out is written, not what is planned",
}
PARTS = {
    "closing": "",
    "windows": "From when until when:",
    "file": "On file:",
    "besides": "Also stands against a start or a supply:",
}
"""What the rules say of a day, part for part, each under its heading."""


class Passed(Struct, frozen=True):
    """What may be written, and by which version of the course it was judged."""

    record: Mapping[str, object]
    days: Sequence[OnDay] = ()
    version: int | None = None
    """None: it hands out nothing, so nothing was judged."""

    def told(self) -> list[dict[str, object]]:
        """What the rules say of each day, as JSON."""
        return told(self.days)

    def lines(self) -> list[str]:
        """What was asked and answered, for the screen."""
        return [
            each.said.verdict + (f" Handed out all the same: {each.reason}" if each.reason else "")
            for each in self.days
        ]


def although(command: F) -> F:
    """The options that say why capsules were handed out at a gate that is not open."""
    for name, stands in ((CANNOT_TELL, "Whether it may be handed out is not known"), (CLOSED, "Handing out is closed")):
        command = click.option(
            ALTHOUGH[name],
            metavar="REASON",
            default=None,
            callback=_reason,
            help=f"{stands}, and the capsules were handed out all the same: why. It stays with the entry.",
        )(command)
    return command


def _reason(_: click.Context, param: click.Parameter, text: str | None) -> str | None:
    from isocourse.app.register_gate import LONGEST_REASON

    if text is not None and len(text.strip()) > LONGEST_REASON:
        raise click.BadParameter(f"{len(text.strip())} characters; at most {LONGEST_REASON} are kept", param=param)
    return text


class GateHeld(click.ClickException):
    """Capsules at a gate that is not open, and nobody said why: what the rules say, what to do, and that nothing was written."""

    exit_code = HELD

    def __init__(self, at: AtGate, course: Known, *, as_json: bool, shown: bool) -> None:
        held = [each for each in at.days if each.held]
        options = " and ".join(dict.fromkeys(f'{ALTHOUGH[each.said.gate]} "REASON"' for each in held))
        stands = "; ".join(f"{STANDS[each.said.gate]} on {_day(each.day)}" for each in held)
        super().__init__(
            f"{stands}. If the capsules were handed out all the same, say so and why: {options}. Nothing was written."
        )
        self.at, self.course, self.as_json, self.pages = at, course, as_json, [] if shown else held

    def show(self, file: object = None) -> None:
        """Writes it."""
        if self.as_json:
            told_of = {"written": False, "course": self.course.course, "version": self.course.version}
            print_json(told_of | {"handing_out": told(self.at.days), "line": self.message})
            return
        for each in self.pages:
            click.echo(page(each.said), nl=False, err=True)
        click.echo(f"Error: {self.message}", err=True)


def passed(
    register: Register,
    library: Library,
    course: str,
    record: Mapping[str, object],
    as_of: int,
    reasons: Mapping[str, str | None],
    *,
    as_json: bool,
) -> Passed:
    """What may be written; at a gate that is not open only with a reason, which is asked for where somebody sits at a terminal.

    Args:
        register: the register.
        library: the knowledge.
        course: the course.
        record: what is to be written.
        as_of: the day it is.
        reasons: by the state of a gate, what was given on the command line.
        as_json: whether a program reads the answer; nothing is asked then.
    """
    from isocourse.app.register import know
    from isocourse.app.register_gate import at_gate, hands_out

    given = {gate: text for gate, text in reasons.items() if text is not None}
    if not hands_out(record):
        if given:
            needless = ALTHOUGH[next(iter(given))]
            raise click.BadParameter("no capsules are handed out here; leave it out", param_hint=needless)
        return Passed(record)
    known = know(register, library, course, as_of)
    at = at_gate(library, known, record, as_of, given)
    if at.no_day is not None:
        raise NoAnswer(f"the day on which capsules were handed out: {NO_DAY[at.no_day.value]}. Nothing was written.")
    asks = at.held and sys.stdin.isatty() and not as_json
    if asks:
        at = at_gate(library, known, record, as_of, given | _asked(at))
    if at.held:
        raise GateHeld(at, known, as_json=as_json, shown=asks)
    met = {each.said.gate for each in at.days}
    if spare := next((text for gate, text in given.items() if gate not in met), ""):
        at = at_gate(
            library, known, record, as_of, {**given, OPEN: spare}
        )  # nobody asked; what was said all the same is kept
    return Passed(at.record, at.days, known.version)


def _asked(at: AtGate) -> dict[str, str]:
    """Asks at the terminal, once for each state of the gate; what the rules say stands before it."""
    found = dict[str, str]()
    for each in at.days:
        gate = each.said.gate
        if not each.held or gate in found:
            continue
        click.echo(page(each.said), nl=False, err=True)
        stands = f"{STANDS[gate].capitalize()}. Were the capsules handed out all the same?"
        yes = click.confirm(stands, err=True)
        found[gate] = click.prompt("Why; it stays with the entry", err=True) if yes else ""
    return found


def page(said: Said) -> str:
    """What the rules say of a day: what closes it first, then the windows, what is on file, and what else stands against it."""
    from isocourse.render.page import Page

    out = Page(columns(None))
    out.put(said.verdict)
    for part, head in PARTS.items():
        lines: Iterable[str] = getattr(said, part)
        if head and lines:
            out.put(head, 2)
        for line in lines:
            depth = len(line) - len(line.lstrip())
            out.put(line.strip(), (4 if head else 2) + depth)
    return styled(out.text())


def told(days: Iterable[OnDay]) -> list[dict[str, object]]:
    """What the rules say of each day, as JSON; the same keys as over HTTP."""
    return [
        {
            "day": _day(each.day),
            "gate": each.said.gate,
            "verdict": each.said.verdict,
            **{part: getattr(each.said, part) for part in PARTS},
            "reason": each.reason,
        }
        for each in days
    ]


def _day(day: int) -> str:
    return date.fromordinal(day).isoformat()
