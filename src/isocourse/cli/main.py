"""The command line: assess a patient, explain an answer, check the knowledge, list facts and protocols."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import isocourse

if TYPE_CHECKING:
    from isocourse.library import Assessment, Library

ANSWERED, USAGE, NO_ANSWER = 0, 1, 2
"""Exit codes; an assessment adds 3 (values left out) and 10 (a red finding). Where several hold, the first of 1, 2, 10, 3, 0 counts."""


class NoAnswer(click.ClickException):
    """No answer is possible: one line, exit 2."""

    exit_code = NO_ANSWER


class _Day(click.ParamType):  # type: ignore[type-arg]  # generic in some releases of click only
    """A calendar day as year-month-day."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401 - click's signature
        """The day's number."""
        if isinstance(value, int):
            return value
        try:
            return date.fromisoformat(value).toordinal()
        except ValueError:
            self.fail(f'"{value}" is not a day; write it as 2026-11-24', param, ctx)


def _default_day() -> int:
    return date.today().toordinal()


RECORD = click.argument("record", type=click.Path(path_type=Path))
AS_OF = click.option("--as-of", type=_Day(), default=_default_day, show_default="today", help="The day to judge by.")
PROTOCOL = click.option(
    "--protocol", "protocols", multiple=True, help="Only this protocol or protocol/edition; may be given again."
)
JURISDICTION = click.option(
    "--jurisdiction", default="", help="Where the course is: US, EU, UK or UZ; overrides the record."
)
PRODUCT = click.option(
    "--product", default="", help="The product in hand, for its formulation and label; see `isocourse protocols`."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
WIDTH = click.option(
    "--width", type=click.IntRange(40, 400), default=None, help="Columns of text; the terminal's own by default."
)
KNOWLEDGE = click.option(
    "--knowledge",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    hidden=True,
    help="Another knowledge folder.",
)


class _Commands(click.Group):
    """The commands; one that needs more than a desk does is loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "simulate"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "simulate":
            found: click.Command = import_module("isocourse.cli.simulate").simulate
            return found
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(isocourse.__version__, prog_name="isocourse")
def cli() -> None:
    """Isocourse judges a course of oral isotretinoin under published guidance.

    It shows what each document says of this patient, where they part, what cannot be told, and which fact would tell.
    Decision support for clinicians, who can see the basis of every answer.

    Exit codes: 0 answered; 3 answered, values left out; 10 a red finding; 2 no answer possible; 1 usage.
    """


@cli.command()
@RECORD
@AS_OF
@PROTOCOL
@JURISDICTION
@PRODUCT
@JSON
@WIDTH
@KNOWLEDGE
@click.option("--full", is_flag=True, help="Write out what is folded.")
@click.option("--matrix/--no-matrix", default=True, help="Whether the matrix follows Today.")
def assess(
    record: Path,
    as_of: int,
    protocols: tuple[str, ...],
    jurisdiction: str,
    product: str,
    as_json: bool,
    width: int | None,
    knowledge: Path | None,
    full: bool,
    matrix: bool,
) -> None:
    """Judge the patient in RECORD: Today first, then every question under every protocol.

    RECORD is a native record (YAML or JSON), a FHIR R4 resource, Bundle or folder of them, or a CDS Hooks request.
    """
    seen = _assess(record, as_of, protocols, jurisdiction, product, knowledge)
    if as_json:
        from isocourse.render.report import to_json

        click.echo(to_json(seen).decode())
    else:
        from isocourse.render.terminal import page

        click.echo(_styled(page(seen, _columns(width), matrix=matrix, full=full)), nl=False)
    sys.exit(seen.exit_code)


def _print_json(data: object) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())


def _columns(width: int | None) -> int:
    return width or min(160, shutil.get_terminal_size((80, 24)).columns)


def _styled(text: str) -> str:
    """Bold headings and red lines where the terminal shows them; the words carry everything without."""
    from isocourse.render.terminal import TITLES

    lines = text.split("\n")
    return "\n".join(
        click.style(line, bold=True)
        if line in TITLES
        else click.style(line, fg="red", bold=True)
        if line.lstrip().startswith("! ")
        else line
        for line in lines
    )


def _library(knowledge: Path | None) -> Library:
    from isocourse.app.knowledge import load_library
    from isocourse.facts.problem import ReadError

    try:
        return load_library(knowledge)
    except ReadError as error:
        raise NoAnswer(f"the knowledge cannot be read: {error}") from None


def _assess(
    record: Path, as_of: int, protocols: Sequence[str], jurisdiction: str, product: str, knowledge: Path | None
) -> Assessment:
    from isocourse.app.assess import assess as judge
    from isocourse.app.record import read_record
    from isocourse.facts.problem import ReadError
    from isocourse.library import Asked

    library = _library(knowledge)
    _known(library, protocols, jurisdiction, product)
    try:
        read = read_record(record, library.catalogue, as_of)
    except ReadError as error:
        raise NoAnswer(str(error)) from None
    products = [each.name for each in library.products]
    if read.product and read.product not in products:
        from isocourse.logic.problems import did_you_mean

        raise NoAnswer(
            f'{record}: no product "{read.product}"{did_you_mean(read.product, products)}; see `isocourse protocols`'
        )
    return judge(library, read, Asked(as_of, tuple(protocols), jurisdiction, product))


def _known(library: Library, protocols: Sequence[str], jurisdiction: str, product: str) -> None:
    from isocourse.logic.problems import did_you_mean

    keys = [key for edition in library.editions for key in (edition.protocol, edition.key)]
    places = sorted({place for edition in library.editions for place in edition.jurisdictions})
    products = [each.name for each in library.products]
    wanted = [
        *((key, keys, "--protocol") for key in protocols),
        *([(jurisdiction, places, "--jurisdiction")] if jurisdiction else []),
        *([(product, products, "--product")] if product else []),
    ]
    for value, known, option in wanted:
        if value not in known:
            raise click.BadParameter(
                f'"{value}" is not known{did_you_mean(value, known)}; known: {", ".join(dict.fromkeys(known))}',
                param_hint=option,
            )


@cli.command()
@RECORD
@click.argument("point")
@AS_OF
@PROTOCOL
@JURISDICTION
@PRODUCT
@JSON
@WIDTH
@KNOWLEDGE
def explain(
    record: Path,
    point: str,
    as_of: int,
    protocols: tuple[str, ...],
    jurisdiction: str,
    product: str,
    as_json: bool,
    width: int | None,
    knowledge: Path | None,
) -> None:
    """Explain what each protocol says of RECORD on POINT: rows, facts and where they come from, claims, what is missing."""
    seen = _assess(record, as_of, protocols, jurisdiction, product, knowledge)
    names = [each.name for each in seen.library.points]
    if point not in names:
        from isocourse.logic.problems import did_you_mean

        raise click.BadParameter(
            f'no point "{point}"{did_you_mean(point, names)}; known: {", ".join(names)}', param_hint="POINT"
        )
    if as_json:
        from isocourse.render.report import report

        chosen = [answer for answer in report(seen).answers if answer.decision == point]
        _print_json(chosen)
    else:
        from isocourse.render.explanation import explanation

        click.echo(explanation(seen, point, _columns(width)), nl=False)
    sys.exit(seen.exit_code)


@cli.command()
@KNOWLEDGE
@JSON
def check(knowledge: Path | None, as_json: bool) -> None:
    """Check the knowledge: every file, every case beside the rows, every point answered."""
    from isocourse.app.check import check as run

    found = run(knowledge)
    if as_json:
        _print_json(found)
    else:
        for line in found.mistakes:
            click.echo(line)
        click.echo(
            f"{found.editions} editions, {found.points} points, {found.claims} claims, {found.cases} cases, {found.nodes} nodes over "
            f"{found.slots} facts: {'no mistake found' if found.sound else f'{len(found.mistakes)} mistakes'}"
        )
    sys.exit(ANSWERED if found.sound else NO_ANSWER)


@cli.command()
@KNOWLEDGE
@JSON
@click.argument("part", default="")
def facts(knowledge: Path | None, as_json: bool, part: str) -> None:
    """List the facts that rules read; PART keeps those whose name holds it."""
    library = _library(knowledge)
    chosen = [fact for fact in library.facts if part in fact.name]
    if as_json:
        _print_json(chosen)
        return
    if not chosen:
        click.echo(f'No fact has "{part}" in its name.')
        return
    from isocourse.render.lists import print_facts

    print_facts(library, chosen)


@cli.command()
@KNOWLEDGE
@JSON
def protocols(knowledge: Path | None, as_json: bool) -> None:
    """List protocols, editions and their dates, and what each answers; then the products."""
    library = _library(knowledge)
    if as_json:
        from isocourse.render.lists import editions_data

        _print_json(editions_data(library))
        return
    from isocourse.render.lists import print_protocols

    print_protocols(library)


@cli.command()
@WIDTH
@click.option("--list", "listing", is_flag=True, help="List the sample patients.")
@click.argument("name", default="")
def demo(width: int | None, listing: bool, name: str) -> None:
    """Judge a sample patient; the main job, without a file of your own."""
    from isocourse.app.knowledge import shipped

    samples = sorted((shipped() / "patients").glob("*.yaml"))
    if listing:
        for sample in samples:
            click.echo(sample.stem)
        return
    chosen = next((sample for sample in samples if sample.stem == (name or "alt-trebled")), None)
    if chosen is None:
        raise click.BadParameter(
            f'no sample "{name}"; known: {", ".join(sample.stem for sample in samples)}', param_hint="NAME"
        )
    click.echo(f"$ isocourse assess {chosen} --as-of 2026-11-24\n")
    seen = _assess(chosen, date(2026, 11, 24).toordinal(), (), "", "", None)
    from isocourse.render.terminal import page

    click.echo(_styled(page(seen, _columns(width))), nl=False)
    sys.exit(seen.exit_code)


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a SHELL; source it in your start-up file."""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(cli, {}, "isocourse", "_ISOCOURSE_COMPLETE").source())


@cli.command()
def schema() -> None:
    """Print the JSON Schema of `assess --json`."""
    from isocourse.render.report import schema as made

    click.echo(made().decode())


def run(args: Sequence[str] | None = None) -> None:
    """The entry point: click's own usage exit becomes 1; a closed pipe ends quietly; nobody sees a traceback for bad input."""
    try:
        code = cli.main(args=list(args) if args is not None else None, prog_name="isocourse", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        sys.exit(USAGE)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(USAGE)
    except BrokenPipeError:
        sys.exit(ANSWERED)
    sys.exit(code if isinstance(code, int) else ANSWERED)
