"""What commands share: their options, how they load the knowledge, how they print."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from isocourse.library import Library

NO_ANSWER = 2
"""The exit code where no answer is possible."""

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


class NoAnswer(click.ClickException):
    """No answer is possible: one line, exit 2."""

    exit_code = NO_ANSWER


def loaded(knowledge: Path | None) -> Library:
    """The library of a knowledge folder; the shipped one by default."""
    from isocourse.app.knowledge import load_library
    from isocourse.facts.problem import ReadError

    try:
        return load_library(knowledge)
    except ReadError as error:
        raise NoAnswer(f"the knowledge cannot be read: {error}") from None


def columns(width: int | None) -> int:
    """The columns to print in."""
    return width or min(160, shutil.get_terminal_size((80, 24)).columns)


def print_json(data: object) -> None:
    """Data as indented JSON."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())
