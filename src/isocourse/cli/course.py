"""The commands of a course: `plan`, `calendar`, `slip`, `alerts` and `project`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from isocourse.cli.options import (
    AS_OF,
    JSON,
    JURISDICTION,
    KNOWLEDGE,
    LANGUAGE,
    PRESUME,
    PROTOCOL,
    RECORD,
    WIDTH,
    Day,
    NoAnswer,
    checked,
    columns,
    read,
    spoken,
    styled,
)

if TYPE_CHECKING:
    from isocourse.course.plan import Plan
    from isocourse.course.wanted import Wanted
    from isocourse.facts.record import Record
    from isocourse.library import Asked, Library

FILE = click.Path(path_type=Path, dir_okay=False)

_WANTED = (
    click.option("--start", type=Day(), help="The first dose; for a running course, where the plan takes over."),
    click.option(
        "--product", default="", help="The product in hand, for its strengths and label; see `isocourse protocols`."
    ),
    click.option("--dose", help="One dose for the whole course, such as '0.5 mg/kg/day' or '40 mg/day'."),
    click.option("--steps", help="Dose steps, such as '0.5 mg/kg/day for 4 weeks, then 1 mg/kg/day'."),
    click.option("--taper", help="The last steps, such as '20 mg/day for 4 weeks, then 10 mg/day for 4 weeks'."),
    click.option("--times-a-day", type=click.IntRange(1, 6), help="Intakes a day."),
    click.option(
        "--weight",
        "weights",
        multiple=True,
        help="A weight, such as '58 kg' or '2027-02-01: 60 kg'; may be given again.",
    ),
    click.option(
        "--break", "breaks", multiple=True, help="Days without capsules, such as '2027-01-10..2027-01-20: surgery'."
    ),
    click.option(
        "--missed", "missed", multiple=True, help="Days without capsules, such as 2027-01-03; may be given again."
    ),
    click.option("--drug-free-days", is_flag=True, default=None, help="Let a pattern leave days without a capsule."),
    click.option(
        "--supply-days", type=click.IntRange(1, 365), help="Days in one supply, up to what the governing rules allow."
    ),
    click.option("--target", help="End at this total, such as '120 mg/kg'."),
    click.option("--until", type=Day(), help="End on this day."),
    click.option(
        "--move",
        "moved",
        multiple=True,
        help="An event on another day, such as 'supply-2: 2027-01-04'; may be given again.",
    ),
    click.option("--pack", type=click.IntRange(1, 1000), help="Capsules in one pack, to count packs."),
    click.option("--key", help="What names this course in calendars; the same key, the same events."),
)


def _wants(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what is wanted of a plan, and those that every judging command has."""
    for option in reversed((RECORD, AS_OF, *_WANTED, PROTOCOL, JURISDICTION, PRESUME, LANGUAGE, KNOWLEDGE, WIDTH)):
        command = option(command)
    return command


@click.command()
@_wants
@JSON
@click.option("--ask", is_flag=True, help="Ask for each setting, with the default and its reason.")
@click.option("--html", type=FILE, help="Write the report: one file, for the screen and for A4.")
@click.option("--sheet", type=FILE, help="Write the one-page sheet for the patient.")
@click.option("--ics", type=FILE, help="Write the calendar of one protocol; see --ics-protocol.")
@click.option("--ics-protocol", default="", help="The protocol of --ics; the governing one by default.")
@click.option("--fhir", type=FILE, help="Write a FHIR bundle: care plan, proposed prescriptions and tests.")
@click.option("--full", is_flag=True, help="Write out what is folded.")
def plan(
    record: Path,
    width: int | None,
    as_json: bool,
    ask: bool,
    html: Path | None,
    sheet: Path | None,
    ics: Path | None,
    ics_protocol: str,
    fhir: Path | None,
    full: bool,
    **told: Any,  # noqa: ANN401 - click's values
) -> None:
    """Plan the course of RECORD: dose steps in capsules, supplies, totals, forecast and calendar.

    What is not asked for gets a default, and the page says which and why. A red line leaves no dose table; an open condition
    heads every page and event.
    """
    library, read_, asked, want = _opened(record, told)
    from isocourse.app.plan import plan as make

    if ask:
        want = _asked_for(library, read_, asked, want)
    made = _told(make(library, read_, asked, want), told)
    written = _files(made, html, sheet, ics, ics_protocol, fhir)
    if as_json:
        from isocourse.render.plan_report import to_json

        click.echo(to_json(made).decode())
    else:
        from isocourse.render.plan_text import plan_page

        click.echo(styled(plan_page(made, columns(width), full=full)), nl=False)
    for line in written:
        click.echo(line, err=as_json)
    sys.exit(made.assessment.exit_code)


@click.command()
@_wants
@JSON
@click.option(
    "--full", is_flag=True, help="Write out the duties of every protocol; the governing ones only by default."
)
def calendar(
    record: Path,
    width: int | None,
    as_json: bool,
    full: bool,
    **told: Any,  # noqa: ANN401 - click's values
) -> None:
    """Print the calendar of RECORD's course: every duty with its window, and the events that `slip` can move."""
    library, read_, asked, want = _opened(record, told)
    from isocourse.app.plan import plan as make

    made = _told(make(library, read_, asked, want), told)
    if as_json:
        from isocourse.render.course_report import calendar_json

        click.echo(calendar_json(made).decode())
    else:
        from isocourse.render.calendar_text import calendar_page

        click.echo(styled(calendar_page(made, columns(width), full=full)), nl=False)
    sys.exit(made.assessment.exit_code)


@click.command()
@_wants
@click.argument("event")
@click.option("--to", "to", type=Day(), help="The day it moves to.")
@click.option("--miss", is_flag=True, help="It is missed, and not made up for.")
@JSON
@click.option("--full", is_flag=True, help="Write out what is folded.")
def slip(
    record: Path,
    event: str,
    to: int | None,
    miss: bool,
    width: int | None,
    as_json: bool,
    full: bool,
    **told: Any,  # noqa: ANN401 - click's values
) -> None:
    """Show what moves, and what is then broken, if EVENT of RECORD's course falls on another day.

    EVENT is a name that `isocourse calendar` prints: start, supply-2, visit-3, test-2, last-dose.
    """
    if (to is None) is not miss:
        raise click.UsageError("say where it moves (--to 2027-01-12), or that it is missed (--miss)")
    library, read_, asked, want = _opened(record, told)
    from isocourse.app.plan import slipped
    from isocourse.course.slip import SlipError

    try:
        found = slipped(library, read_, asked, want, event, to)
    except SlipError as error:
        raise NoAnswer(f"{record}: {error}") from None
    found = replace(found, after=_told(found.after, told))
    if as_json:
        from isocourse.render.course_report import slip_json

        click.echo(slip_json(found).decode())
    else:
        from isocourse.render.slip_text import slip_page

        click.echo(styled(slip_page(found, columns(width), full=full)), nl=False)
    sys.exit(found.after.assessment.exit_code)


@click.command()
@_wants
@JSON
@click.option("--since", "earlier", type=Day(), required=True, help="The day of the earlier visit.")
@click.option("--within", type=click.IntRange(0, 366), default=None, help="Days ahead to look. [default: 7]")
def alerts(
    record: Path,
    width: int | None,
    as_json: bool,
    earlier: int,
    within: int | None,
    **told: Any,  # noqa: ANN401 - click's values
) -> None:
    """Say what wants attention in RECORD since an earlier visit: stricter answers, closing windows, duties due, supply."""
    library, read_, asked, want = _opened(record, told)
    if earlier > asked.as_of:
        raise click.BadParameter("the earlier visit lies after the day to judge by", param_hint="--since")
    from isocourse.app.plan import since
    from isocourse.course.alerts import WITHIN

    found, made = since(library, read_, asked, want, earlier, WITHIN if within is None else within)
    made = _told(made, told)
    if as_json:
        from isocourse.render.course_report import alerts_json

        click.echo(alerts_json(found, made).decode())
    else:
        from isocourse.render.alerts_text import alerts_page

        click.echo(styled(alerts_page(found, made, columns(width))), nl=False)
    sys.exit(made.assessment.exit_code)


@click.command()
@_wants
@JSON
@click.option("--to", "to", type=Day(), required=True, help="The later day.")
def project(
    record: Path,
    width: int | None,
    as_json: bool,
    to: int,
    **told: Any,  # noqa: ANN401 - click's values
) -> None:
    """Say what a later day does to what is known of RECORD: it holds, moves, expires, may have changed, or is planned."""
    library, read_, asked, want = _opened(record, told)
    if to <= asked.as_of:
        raise click.BadParameter("it lies not after the day to judge by", param_hint="--to")
    from isocourse.app.plan import plan as make
    from isocourse.course.project import projector
    from isocourse.render.carried_text import carried_json, carried_page

    made = make(library, read_, asked, want)
    found = projector(library, made.assessment.snapshot, made.outline)(to).carried()
    if as_json:
        click.echo(carried_json(library, found).decode())
    else:
        click.echo(
            styled(carried_page(library, found, asked.as_of, to, columns(width), _told(made, told).assessment.words)),
            nl=False,
        )
    sys.exit(made.assessment.exit_code)


# opening -----------------------------------------------------------------------------------------------------------------------------
def _opened(record: Path, told: dict[str, Any]) -> tuple[Library, Record, Asked, Wanted]:
    """The record read, and what is wanted of its plan: the record's own `plan:` block, with the options over it."""
    from isocourse.app.plan import course_key
    from isocourse.course.wanted import WISHES, Wanted, WantedError, wanted_of
    from isocourse.library import Asked

    asked = Asked(told["as_of"], told["protocols"], told["jurisdiction"], told["product"], told["presume"])
    library, found = read(record, asked.as_of, asked.protocols, asked.jurisdiction, asked.product, told["knowledge"])
    try:
        want = wanted_of({name: told[name] for name in WISHES}, wanted_of(dict(found.plan), Wanted()))
    except WantedError as error:
        raise click.UsageError(str(error)) from None
    products = [step.product for step in (*want.steps, *want.taper) if step.product]
    checked("--steps", products, [each.name for each in library.products])
    if not want.key:
        want = replace(want, key=course_key(found, record.name))
    return library, found, asked, want


def _told(made: Plan, told: dict[str, Any]) -> Plan:
    """The plan in the language asked for."""
    if told["language"] == "en":
        return made
    words = spoken(told["language"], told["knowledge"])
    return replace(made, assessment=replace(made.assessment, words=words))


def _files(
    made: Plan, html: Path | None, sheet: Path | None, ics: Path | None, ics_protocol: str, fhir: Path | None
) -> list[str]:
    """Writes what was asked for, and says where it lies; nothing is written over half."""
    written = []
    if html:
        from isocourse.app.expected import expected_charts
        from isocourse.render.plan_page import plan_page

        page = plan_page(made, expected_charts(made, made.assessment.words))
        written.append(_wrote(html, "report", page.encode()))
    if sheet:
        from isocourse.render.patient_sheet import sheet as made_sheet

        written.append(_wrote(sheet, "sheet for the patient", made_sheet(made).encode()))
    if ics:
        written.append(_calendar_file(made, ics, ics_protocol))
    if fhir:
        import msgspec

        from isocourse.fhir.care_plan import care_plan

        data = msgspec.json.format(msgspec.json.encode(care_plan(made, datetime.now(UTC))), indent=2)
        written.append(_wrote(fhir, "FHIR bundle", data))
    return written


def _calendar_file(made: Plan, path: Path, protocol: str) -> str:
    """One protocol's calendar; without one that governs, the user has to choose."""
    from isocourse.render.ics import ics, left_out

    editions = (*made.assessment.editions, *(entry.edition for entry in made.calendar))
    known = [name for key in dict.fromkeys(each.key for each in editions) for name in (key.partition("/")[0], key)]
    if protocol:
        checked("--ics-protocol", [protocol], known)
    elif not made.governs:
        raise click.BadParameter("no protocol governs; name the one to write", param_hint="--ics-protocol")
    chosen = protocol or made.governs[0]
    told = _wrote(path, f"calendar of {chosen}", ics(made, chosen, datetime.now(UTC)))
    undated = left_out(made, chosen)
    return f"{told} (without a day, and so not in it: {'; '.join(undated)})" if undated else told


def _wrote(path: Path, what: str, data: bytes) -> str:
    """Writes beside the place and moves it there, so that a full disk leaves what was there before; a pipe or device is written to."""
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _replaced(path.resolve(), data)
    except OSError as problem:
        raise NoAnswer(
            f"{path}: the {what} cannot be written ({problem.strerror}); check the folder and its permissions"
        ) from None
    return f"Wrote the {what}: {path}"


def _replaced(path: Path, data: bytes) -> None:
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _asked_for(library: Library, record: Record, asked: Asked, want: Wanted) -> Wanted:
    """Asks for each setting that is open, with the default and its reason; an empty answer takes it."""
    from isocourse.app.plan import judged
    from isocourse.course.choose import choose
    from isocourse.course.wanted import WantedError, wanted_of

    for name in ("start", "product", "dose", "times_a_day", "supply_days"):
        settled = choose(judged(library, record, asked, want), want)
        choice = next(each for each in settled.choices if each.name == name)
        if choice.asked:
            continue
        click.echo(f"{name.replace('_', ' ')}: {choice.value} ({choice.why})", err=True)
        while True:
            told = click.prompt("  another (empty: take it)", default="", show_default=False, err=True).strip()
            try:
                want = wanted_of({"steps" if name == "dose" else name: told}, want) if told else want
            except WantedError as error:
                click.echo(f"  {error}", err=True)
                continue
            break
    return want
