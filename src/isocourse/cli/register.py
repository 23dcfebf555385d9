"""The command `register`: patients and courses kept on this machine or in a clinic's database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

import click
from msgspec import Struct

from isocourse.cli.options import AS_OF, JSON, KNOWLEDGE, WIDTH, NoAnswer, columns, load, print_json, styled
from isocourse.cli.register_gate import CANNOT_TELL, CLOSED, Passed, although, passed

if TYPE_CHECKING:
    from isocourse.app.register import Known
    from isocourse.facts.problem import Problem
    from isocourse.library import Library
    from isocourse.reading.yaml_text import Node
    from isocourse.register.events import Stamp
    from isocourse.register.listing import Line
    from isocourse.register.register import Register

FILE = click.Path(path_type=Path, dir_okay=False)
WHY = ("red", "not_today", "overdue", "closing", "cannot_tell")
NEEDED = ("sqlalchemy", "alembic", "cryptography", "platformdirs")
"""What the extra `[register]` brings."""


class Asked(Struct, frozen=True):
    """Where the register is, where its signing key is, and who writes."""

    address: str
    key: Path
    actor: str

    def open(self) -> Register:
        """The register; it is let go of when the command ends."""
        from isocourse.register.register import open_register

        return closed_at_the_end(open_register(self.address, self.key))

    def stamp(self, knowledge: str = "") -> Stamp:
        """Who writes, and now."""
        from isocourse.register.events import Stamp

        return Stamp(self.actor, now(), knowledge)


def closed_at_the_end(register: Register) -> Register:
    """The register, to be let go of when the command ends, however it ends."""
    click.get_current_context().call_on_close(register.close)
    return register


def now() -> str:
    """This instant, in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _needed(name: str) -> NoAnswer:
    return NoAnswer(f"the register needs {name}; install what it needs with: pip install 'isocourse[register]'")


def told(command: Callable[..., None]) -> Callable[..., None]:
    """Turns what goes wrong into one line, and a missing library into what to install."""

    @wraps(command)
    def run(*args: Any, **given: Any) -> None:  # noqa: ANN401 - click's options
        from isocourse.facts.frames import said
        from isocourse.facts.problem import ReadError
        from isocourse.register.problem import RegisterError

        try:
            command(*args, **given)
        except UnicodeDecodeError as problem:  # of a file that the command was given open
            raise NoAnswer(f"{said('form.bytes', n=str(problem.start))}. Nothing was written.") from None
        except ModuleNotFoundError as problem:
            if problem.name and problem.name.partition(".")[0] in NEEDED:
                raise _needed(problem.name) from None
            raise
        except (RegisterError, ReadError) as problem:
            raise NoAnswer(str(problem)) from None

    return run


@contextmanager
def bar(words: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, for work that may be long; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    shown = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*shown, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(words, total=total)
        yield lambda done: progress.advance(task, done)


class Anywhere(click.Group):
    """A group whose own options may stand behind the command as well, where people write them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts its own options first; what stands behind `--` is left alone."""
        own = {name for each in self.params if isinstance(each, click.Option) for name in each.opts}
        front, rest, waiting = list[str](), list[str](), list(args)
        while waiting and waiting[0] != "--":
            word = waiting.pop(0)
            name, equals, given = word.partition("=")
            if name not in own:
                rest.append(word)
            elif equals or waiting:
                front += [name, given if equals else waiting.pop(0)]
            else:
                raise click.BadOptionUsage(name, f"Option '{name}' requires an argument.", ctx)
        return super().parse_args(ctx, [*front, *rest, *waiting])


@click.group(cls=Anywhere)
@click.option(
    "--register",
    "address",
    envvar="ISOCOURSE_REGISTER",
    default="",
    help="A SQLite file, or postgresql://user@host/name.",
)
@click.option(
    "--key", envvar="ISOCOURSE_REGISTER_KEY", type=FILE, default=None, help="The signing key of this machine."
)
@click.option(
    "--by", "actor", envvar="ISOCOURSE_ACTOR", default="", help="Who writes; by default the user of this machine."
)
@click.pass_context
def register(context: click.Context, address: str, key: Path | None, actor: str) -> None:
    """Keep patients and courses: every entry is an event in a chain that only grows.

    Without --register it is a SQLite file in your data folder; ISOCOURSE_REGISTER names another one.
    """
    if context.resilient_parsing:
        return
    context.obj = told_defaults(address, key, actor)


def told_defaults(address: str, key: Path | None, actor: str) -> Asked:
    """What was asked for, with this machine's own places where nothing was."""
    import getpass

    try:
        from platformdirs import user_config_path, user_data_path
    except ModuleNotFoundError:
        raise _needed("platformdirs") from None
    return Asked(
        address or str(user_data_path("isocourse") / "register.db"),
        key or user_config_path("isocourse") / "register-key.pem",
        actor or getpass.getuser(),
    )


def command(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """A command of the group; its first argument is what was asked for."""

    def made(function: Callable[..., None]) -> click.Command:
        return register.command(name)(click.pass_obj(told(function)))

    return made


# writing ---------------------------------------------------------------------------------------------------------------------
@command("init")
@JSON
def init(asked: Asked, as_json: bool) -> None:
    """Make a new, empty register, and a signing key if there is none."""
    from isocourse.register.register import init_register

    made = closed_at_the_end(init_register(asked.address, asked.key, asked.stamp()))
    said = {"register": made.address, "key": str(asked.key), "public": made.signer().public}
    if as_json:
        print_json(said)
        return
    click.echo(f"A new register is at {said['register']}.")
    click.echo(
        f"Its entries are signed with {said['key']}. Keep a copy of that file elsewhere; whoever has it can sign in your name."
    )


@command("add")
@click.option("--name", default="", help="Who it is.")
@click.option("--number", default="", help="The medical record number.")
@click.option("--contact", default="", help="How to reach the patient.")
@click.option("--birth", default="", help="2006-02-17, or 2006.")
@click.option("--gender", "recorded_gender", default="", help="Recorded gender: male, female, other.")
@click.option("--sex-at-birth", default="", help="male, female, other.")
@click.option(
    "--record",
    type=FILE,
    default=None,
    help="A native record or FHIR document to begin with; see docs/guide/records.md.",
)
@click.option("--patient", default="", help="Another course of this patient, who is in the register already.")
@click.argument("settings", nargs=-1)
@AS_OF
@KNOWLEDGE
@JSON
def add(
    asked: Asked,
    settings: tuple[str, ...],
    record: Path | None,
    patient: str,
    as_of: int,
    knowledge: Path | None,
    as_json: bool,
    **person: str,
) -> None:
    """Add a patient with a course, or another course of a patient.

    SETTINGS are dates and place of the course, such as first_dose=2026-11-30 jurisdiction=EU product=eu-conventional.
    """
    from isocourse.app import register as app
    from isocourse.app.dispensing import HANDED_OUT

    if HANDED_OUT in _settings(settings):
        line = f"{HANDED_OUT} is written by `isocourse register change`, which says what the rules say of it"
        raise click.BadParameter(line, param_hint="SETTINGS")
    library = load(knowledge)
    opened = asked.open()
    problems: Sequence[Problem] = ()
    if patient:
        said = {name: value for name, value in _settings(settings).items() if value is not None}
        stored = app.open_course(opened, asked.stamp(library.digest), patient, said)
    else:
        from isocourse.app.register_transfer import admission

        admitted, problems = admission(record, _settings(settings), person, library, as_of)
        stored = app.admit(opened, asked.stamp(library.digest), [admitted])[0]
    _written(stored.patient, stored.course, stored.seq, stored.version, problems, as_json=as_json)


def _settings(given: Sequence[str]) -> dict[str, str | None]:
    """name=value pairs; an empty value takes back what was said."""
    said: dict[str, str | None] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise click.BadParameter(f'"{each}" is not of the form name=value', param_hint="SETTINGS")
        said[name] = value or None
    return said


def _written(
    patient: str,
    course: str,
    seq: int,
    version: int,
    problems: Sequence[Problem],
    *,
    as_json: bool,
    gate: Passed | None = None,
) -> None:
    if as_json:
        print_json(
            {
                "patient": patient,
                "course": course,
                "event": seq,
                "version": version,
                "problems": [each.line() for each in problems],
                **({"handing_out": gate.told()} if gate else {}),
            }
        )
    else:
        click.echo(
            f"Written as event {seq}: patient {patient}" + (f", course {course}, version {version}." if course else ".")
        )
        for line in gate.lines() if gate else ():
            click.echo(line)
        for problem in problems:
            click.echo(f"- {problem.line()} It is kept as written.")
    sys.exit(3 if any(problem.left_out for problem in problems) else 0)


@command("visit")
@click.argument("course")
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option(
    "--expect", type=int, default=None, help="The version of the course that you have seen; refused if it has grown."
)
@although
@AS_OF
@KNOWLEDGE
@JSON
def visit(
    asked: Asked,
    course: str,
    file: TextIO,
    expect: int | None,
    as_of: int,
    knowledge: Path | None,
    as_json: bool,
    although_closed: str | None,
    although_not_known: str | None,
) -> None:
    """Write the entries of FILE (YAML or JSON: events, lists, orders, doses, coverage) to COURSE; - reads them from the input.

    Capsules that were handed out are judged first: where that is closed, or not known to be open, it is told, and nothing is written
    without a reason (exit code 4).
    """
    from isocourse.app import register as app

    library = load(knowledge)
    body, problems = app.visit_of(_parsed(file.read(), file.name), file.name, library, as_of)
    opened = asked.open()
    reasons = {CLOSED: although_closed, CANNOT_TELL: although_not_known}
    gate = passed(opened, library, course, body, as_of, reasons, as_json=as_json)
    expected = gate.version if expect is None else expect
    stored = app.record_visit(opened, asked.stamp(library.digest), course, gate.record, expected)
    _written(stored.patient, course, stored.seq, stored.version, problems, as_json=as_json, gate=gate)


def _parsed(text: str, name: str) -> Node:
    from isocourse.app.register import parsed

    return parsed(text, name)


@command("change")
@click.argument("course")
@click.argument("settings", nargs=-1, required=True)
@click.option(
    "--expect", type=int, default=None, help="The version of the course that you have seen; refused if it has grown."
)
@although
@AS_OF
@KNOWLEDGE
@JSON
def change(
    asked: Asked,
    course: str,
    settings: tuple[str, ...],
    expect: int | None,
    as_of: int,
    knowledge: Path | None,
    as_json: bool,
    although_closed: str | None,
    although_not_known: str | None,
) -> None:
    """Set dates, place or product of COURSE, such as last_dose=2026-12-01; an empty value takes one back.

    dispensed_on says that capsules were handed out on that day. It is judged first: where that is closed, or not known to be open, it
    is told, and nothing is written without a reason (exit code 4).
    """
    from isocourse.app.register import change_course

    library, opened = load(knowledge), asked.open()
    reasons = {CLOSED: although_closed, CANNOT_TELL: although_not_known}
    gate = passed(opened, library, course, {"course": _settings(settings)}, as_of, reasons, as_json=as_json)
    said, note = cast("dict[str, str | None]", gate.record["course"]), cast("str", gate.record.get("note", ""))
    expected = gate.version if expect is None else expect
    stored = change_course(opened, asked.stamp(library.digest), course, said, expected, note)
    _written(stored.patient, course, stored.seq, stored.version, (), as_json=as_json, gate=gate)


@command("undo")
@click.argument("patient")
@click.argument("event", type=int)
@click.option("--why", required=True, help="Why; it is kept.")
@JSON
def undo(asked: Asked, patient: str, event: int, why: str, as_json: bool) -> None:
    """Undo EVENT of PATIENT by a correcting event. Both stay; undoing the correction brings it back."""
    from isocourse.app.register import undo as undone

    stored = undone(asked.open(), asked.stamp(), patient, event, why)
    _written(patient, stored.course, stored.seq, stored.version, (), as_json=as_json)


# reading ---------------------------------------------------------------------------------------------------------------------
@command("show")
@click.argument("course")
@click.option("--assess", is_flag=True, help="Judge the course, as `isocourse assess` judges a file.")
@AS_OF
@KNOWLEDGE
@WIDTH
@JSON
def show(
    asked: Asked, course: str, assess: bool, as_of: int, knowledge: Path | None, width: int | None, as_json: bool
) -> None:
    """Show who COURSE belongs to and every event of it, or with --assess what the guidance says of it today."""
    from isocourse.app import register as app

    library = load(knowledge)
    known = app.know(asked.open(), library, course, as_of)
    if assess:
        _assessed(library, known, as_of, width, as_json=as_json)
        return
    lines = app.history(known, library.catalogue)
    who = known.identity
    if as_json:
        print_json(
            {"patient": known.patient, "course": course, "version": known.version, "identity": who, "history": lines}
        )
        return
    click.echo(
        f"Course {course}, version {known.version}; patient {known.patient}"
        + (f": {who.name}, born {who.birth}, number {who.number}" if who else "")
    )
    for line in lines:
        click.echo(
            f"  {line.seq:>6}  {line.at[:16].replace('T', ' ')}  {line.actor}: {line.words}{' (undone)' if line.undone else ''}"
        )


def _assessed(library: Library, known: Known, as_of: int, width: int | None, *, as_json: bool) -> None:
    from isocourse.app.assess import assess
    from isocourse.library import Asked as Question

    seen = assess(library, known.record, Question(as_of))
    if as_json:
        from isocourse.render.report import to_json

        click.echo(to_json(seen).decode())
    else:
        from isocourse.render.terminal import page

        click.echo(styled(page(seen, columns(width), matrix=False, full=False)), nl=False)
    sys.exit(seen.exit_code)


@command("search")
@click.argument("words", default="")
@click.option("--jurisdiction", default="", help="Where the course is.")
@click.option("--product", default="", help="The product in hand.")
@click.option(
    "--state", type=click.Choice(["planned", "running", "ended"]), default=None, help="By the dates of the course."
)
@click.option("--why", type=click.Choice(WHY), multiple=True, help="On the worklist for this; may be given again.")
@click.option("--stream", default="", help="Something of this stream, or on this list, is on file.")
@click.option("--not-seen-since", default="", metavar="YYYY-MM-DD", help="Nothing on file of this day or later.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0)
@AS_OF
@KNOWLEDGE
@JSON
def search(
    asked: Asked, limit: int, offset: int, as_of: int, knowledge: Path | None, as_json: bool, **wanted: object
) -> None:
    """Find courses by part of a name (WORDS), or by a whole record number, patient or course."""
    from isocourse.app.register_worklist import found, wish

    library = load(knowledge)
    lines = found(asked.open(), library, wish(wanted), as_of, limit, offset)
    _listed(lines, "No course is like that.", as_json=as_json)


def _listed(lines: Sequence[Line], none: str, *, as_json: bool) -> None:
    if as_json:
        print_json(lines)
        return
    if not lines:
        click.echo(none)
    for line in lines:
        who = f"{line.name or '(no name)'}, born {line.birth or 'not known'}, number {line.number or 'none'}"
        click.echo(f"{line.course}  {who}; patient {line.patient}, version {line.version}")
        for said in _reasons(line):
            click.echo(f"    {said}")


def _reasons(line: Line) -> Iterator[str]:
    told = line.told
    if told.unread:
        yield f"! cannot be judged: {told.unread}"
    for title, what in (("! stop now", told.red), ("not today, because", told.held), ("overdue", told.overdue)):
        if what:
            yield f"{title}: {'; '.join(what)}"
    if told.closing:
        yield "closes: " + "; ".join(f"{what} on {day}" for day, what in told.closing)
    if told.asks:
        yield "depends on: " + "; ".join(told.asks)
    if line.as_of:
        yield f"judged as of {line.as_of}" + (", and not since it was last written to" if line.behind else "")
    else:
        yield "not judged yet; `isocourse register refresh`"


@command("worklist")
@click.option(
    "--why", type=click.Choice(WHY), multiple=True, help="Only those on the list for this; may be given again."
)
@click.option("--closes-by", default="", metavar="YYYY-MM-DD", help="Only those for whom something closes by this day.")
@click.option("--jurisdiction", default="", help="Where the course is.")
@click.option("--refresh/--no-refresh", "anew", default=False, help="Whether to judge what is out of date first.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0)
@AS_OF
@KNOWLEDGE
@JSON
def worklist(
    asked: Asked,
    anew: bool,
    limit: int,
    offset: int,
    as_of: int,
    knowledge: Path | None,
    as_json: bool,
    **wanted: object,
) -> None:
    """List what is to be done: red, held up, overdue, closing, and what cannot be told; and how old the list is."""
    from isocourse.app.register_worklist import refresh, wish, work

    library, opened = load(knowledge), asked.open()
    if anew:
        with bar("Judging courses") as progress:
            refresh(opened, library, as_of, progress)
    listed = work(opened, library, wish(wanted), as_of, limit, offset)
    if as_json:
        print_json(listed)
        return
    for said in listed.age:
        click.echo(said)
    _listed(listed.lines, "Nothing is on the list.", as_json=False)


@command("refresh")
@AS_OF
@KNOWLEDGE
@JSON
def refresh_worklist(asked: Asked, as_of: int, knowledge: Path | None, as_json: bool) -> None:
    """Judge every course that was not judged as of that day, or was written to since."""
    from isocourse.app.register_worklist import courses_words, refresh, waiting

    library, opened = load(knowledge), asked.open()
    with bar("Judging courses", waiting(opened, library, as_of)) as progress:
        count = refresh(opened, library, as_of, progress)
    if as_json:
        print_json({"judged": count})
    else:
        click.echo(f"{courses_words(count)} judged.")
