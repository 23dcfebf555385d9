"""The words of a language, for whoever translates them."""

from __future__ import annotations

from pathlib import Path

import click

from isocourse.cli.options import ANSWERED, KNOWLEDGE, NO_ANSWER, load, print_json
from isocourse.library.translations import LANGUAGES


@click.command()
@click.argument("language", type=click.Choice(LANGUAGES))
@click.option(
    "--part",
    default="patient",
    show_default=True,
    help="Which file: patient, points, facts, lists, effects, editions, contradictions, claims, plans or phrases.",
)
@KNOWLEDGE
def words(language: str, part: str, knowledge: Path | None) -> None:
    """Print one file of the words of LANGUAGE, ready to be edited: each key, its hash, its translation and its English.

    What is missing or stale stands there as a comment, to be filled in.
    """
    from isocourse.app.translations import PARTS, sheet
    from isocourse.app.words import read_translations
    from isocourse.cli.options import checked

    checked("--part", [part], [*PARTS, "phrases"])
    click.echo(sheet(load(knowledge), read_translations(language, knowledge), part), nl=False)


def check_translations(knowledge: Path | None, as_json: bool) -> int:
    """Lists what is missing, stale or wrong among the translated words, by language; the exit code."""
    from isocourse.app.translations import flaws

    found = flaws(load(knowledge), knowledge)
    if as_json:
        print_json(found)
    else:
        for flaw in found:
            click.echo(f"{flaw.language} {flaw.kind}: {flaw.line}")
        for language in LANGUAGES:
            mine = [flaw for flaw in found if flaw.language == language]
            missing, stale = (sum(flaw.kind == kind for flaw in mine) for kind in ("missing", "stale"))
            wrong = sum(flaw.wrong for flaw in mine)
            click.echo(f"{language}: {missing} missing, {stale} stale, {wrong} wrong")
    return NO_ANSWER if any(flaw.fails for flaw in found) else ANSWERED
