"""The command line: assess a patient, explain an answer, check the knowledge, list facts and protocols."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

import isocourse
from isocourse.cli.options import (
    ANSWERED,
    AS_OF,
    JSON,
    JURISDICTION,
    KNOWLEDGE,
    LANGUAGE,
    NO_ANSWER,
    PRESUME,
    PRODUCT,
    PROTOCOL,
    RECORD,
    USAGE,
    WIDTH,
    NoAnswer,
    columns,
    judged,
    load,
    print_json,
    styled,
)
from isocourse.facts.problem import ReadError

if TYPE_CHECKING:
    from isocourse.library import Assessment

FEW_COLLECTIONS = (100_000, 50, 50)
"""When to look for circles of dead objects: the knowledge is many small objects without any, and looking through them as they are
loaded takes a third of the loading."""

LATE = {
    "ask": "ask",
    "myths": "myths",
    "coverage": "overview",
    "compare": "overview",
    "adopt": "own",
    "contradictions": "proofs",
    "prove": "proofs",
    "diff": "proofs",
    "effects": "reference",
    "interactions": "reference",
    "products": "reference",
    "instruments": "reference",
    "words": "words",
    "serve": "serve",
    "simulate": "simulate",
    "plan": "course",
    "calendar": "course",
    "slip": "course",
    "alerts": "course",
    "project": "course",
    "register": "register_keeping",
}
"""Commands beside those of judging one patient, and the module that holds each; it is loaded when the command is called."""


class _Commands(click.Group):
    """The commands; one that judging a patient does not need is loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *LATE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in LATE:
            found: click.Command = getattr(import_module(f"isocourse.cli.{LATE[cmd_name]}"), cmd_name)
            return found
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(isocourse.__version__, prog_name="isocourse")
def cli() -> None:
    """Isocourse judges a course of oral isotretinoin under published guidance.

    It shows what each document says of this patient, where they part, what cannot be told, and which fact would tell.
    Decision support for clinicians, who can see the basis of every answer.

    Exit codes: 0 answered; 3 answered, values left out; 10 a red finding; 4 not written, handing out is not open; 2 no answer possible; 1 usage.
    """


@cli.command()
@RECORD
@AS_OF
@PROTOCOL
@JURISDICTION
@PRODUCT
@JSON
@WIDTH
@PRESUME
@LANGUAGE
@KNOWLEDGE
@click.option("--full", is_flag=True, help="Write out what is folded.")
@click.option("--matrix/--no-matrix", default=False, help="Whether every question under every protocol follows Today.")
def assess(
    record: Path,
    as_of: int,
    protocols: tuple[str, ...],
    jurisdiction: str,
    product: str,
    as_json: bool,
    width: int | None,
    presume: bool,
    language: str,
    knowledge: Path | None,
    full: bool,
    matrix: bool,
) -> None:
    """Judge the patient in RECORD: Today first, then every question under every protocol.

    RECORD is a native record (YAML or JSON), a FHIR R4 resource, Bundle or folder of them, or a CDS Hooks request.
    """
    seen = judged(record, as_of, protocols, jurisdiction, product, knowledge, presume=presume, language=language)
    if as_json:
        from isocourse.render.report import to_json

        click.echo(to_json(seen).decode())
    else:
        from isocourse.render.terminal import page

        click.echo(styled(page(seen, columns(width), matrix=matrix, full=full), seen.words), nl=False)
    sys.exit(seen.exit_code)


@cli.command()
@RECORD
@click.argument("point", default="")
@click.option("--for", "reader", type=click.Choice(["clinician", "patient"]), default="clinician", help="Who reads it.")
@AS_OF
@PROTOCOL
@JURISDICTION
@PRODUCT
@JSON
@WIDTH
@PRESUME
@LANGUAGE
@KNOWLEDGE
def explain(
    record: Path,
    point: str,
    reader: str,
    as_of: int,
    protocols: tuple[str, ...],
    jurisdiction: str,
    product: str,
    as_json: bool,
    width: int | None,
    presume: bool,
    language: str,
    knowledge: Path | None,
) -> None:
    """Explain what each protocol says of RECORD on POINT: rows, facts and where they come from, claims, what is missing.

    With `--for patient`, and without POINT: one page in plain words for the patient.
    """
    if (reader == "patient") == bool(point) or (reader == "patient" and as_json):
        raise click.UsageError("give POINT, or `--for patient` without POINT and without --json")
    seen = judged(record, as_of, protocols, jurisdiction, product, knowledge, presume=presume, language=language)
    if reader == "patient":
        _for_patient(seen, columns(width))
    else:
        _explained(seen, point, columns(width), as_json)
    sys.exit(seen.exit_code)


def _for_patient(seen: Assessment, width: int) -> None:
    """Prints the page for the patient."""
    from isocourse.app.patient import page_for_patient

    if not seen.library.page.sections:
        raise NoAnswer("this knowledge has no page for patients: for_patient.yaml is missing")
    click.echo(page_for_patient(seen, width), nl=False)


def _explained(seen: Assessment, point: str, width: int, as_json: bool) -> None:
    """Prints what each protocol says on a point, and why."""
    names = [each.name for each in seen.library.points]
    if point not in names:
        from isocourse.logic.problems import did_you_mean

        raise click.BadParameter(
            f'no point "{point}"{did_you_mean(point, names)}; known: {", ".join(names)}', param_hint="POINT"
        )
    if as_json:
        from isocourse.render.report import report

        print_json([answer for answer in report(seen).answers if answer.decision == point])
    else:
        from isocourse.render.explanation import explanation

        click.echo(explanation(seen, point, width), nl=False)


@cli.command()
@KNOWLEDGE
@JSON
@click.option("--translations", is_flag=True, help="List what is missing, stale or wrong among the translated words.")
def check(knowledge: Path | None, as_json: bool, translations: bool) -> None:
    """Check the knowledge: every file, every case beside the rows, every point answered, every translated word."""
    if translations:
        from isocourse.cli.words import check_translations

        sys.exit(check_translations(knowledge, as_json))
    from isocourse.app.check import check as run

    found = run(knowledge)
    if as_json:
        print_json(found)
    else:
        for line in found.mistakes:
            click.echo(line)
        if left := sum(not flaw.wrong for flaw in found.translations):
            click.echo(f"{left} translations are missing or stale and stand in English with a mark: see --translations")
        click.echo(
            f"{found.editions} editions, {found.points} points, {found.claims} claims, {found.cases} cases, {found.nodes} nodes over "
            f"{found.slots} facts: {'no mistake found' if found.sound else _mistakes(len(found.mistakes))}"
        )
    sys.exit(ANSWERED if found.sound else NO_ANSWER)


def _mistakes(count: int) -> str:
    return "1 mistake" if count == 1 else f"{count} mistakes"


@cli.command()
@KNOWLEDGE
@JSON
@click.argument("part", default="")
def facts(knowledge: Path | None, as_json: bool, part: str) -> None:
    """List the facts that rules read; PART keeps those whose name holds it."""
    library = load(knowledge)
    chosen = [fact for fact in library.facts if part in fact.name]
    if as_json:
        print_json(chosen)
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
    library = load(knowledge)
    if as_json:
        from isocourse.render.lists import editions_data

        print_json(editions_data(library))
        return
    from isocourse.render.lists import print_protocols

    print_protocols(library)


@cli.command()
@WIDTH
@click.option("--list", "listing", is_flag=True, help="List the sample patients.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write the report of the plan there.")
@click.argument("name", default="")
def demo(width: int | None, listing: bool, report: Path | None, name: str) -> None:
    """Judge a sample patient and plan the course; the main job, without a file of your own."""
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
    common = [str(chosen), "--as-of", "2026-11-24", *(["--width", str(width)] if width else [])]
    code = _shown(["assess", *common])
    click.echo()
    _shown(["plan", *common, *(["--html", str(report)] if report else [])])
    sys.exit(code)


def _shown(words: list[str]) -> int:
    """Runs a command of ours after showing it, and returns its exit code."""
    click.echo(f"$ isocourse {' '.join(words)}\n")
    try:
        cli.main(args=words, prog_name="isocourse", standalone_mode=False)
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else ANSWERED
    return ANSWERED


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


def run(args: Sequence[str] | None = None) -> NoReturn:
    """Runs a command and ends with its exit code: a usage mistake is 1; a closed pipe ends quietly; bad input shows no traceback."""
    gc.set_threshold(*FEW_COLLECTIONS)
    sys.exit(_code(args))


def _code(args: Sequence[str] | None) -> int:
    try:
        code = cli.main(args=list(args) if args is not None else None, prog_name="isocourse", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return USAGE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ReadError as error:
        click.echo(f"Error: the knowledge cannot be used: {error}", err=True)
        return NO_ANSWER
    except click.Abort:
        return USAGE
    except BrokenPipeError:
        return ANSWERED
    except OSError as error:
        click.echo(f"Error: {error}", err=True)
        return NO_ANSWER
    return code if isinstance(code, int) else ANSWERED


def program() -> NoReturn:
    """The entry point: runs a command, then leaves at once.

    At its end Python takes the knowledge apart object by object, which lasts a twelfth of an assessment. Where a thread still runs,
    or what was said could not be written, it ends in its own way, which waits for the one and tells of the other.
    """
    try:
        run()
    except SystemExit as end:
        if threading.active_count() == 1 and isinstance(end.code, int):
            with suppress(OSError):
                atexit._run_exitfuncs()
                for told in (sys.stdout, sys.stderr):
                    if told is not None:  # it was closed before we began
                        told.flush()
                os._exit(end.code)
        raise
