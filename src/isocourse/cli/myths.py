"""The beliefs that the review sets out to dispel, and what every authority says on the questions behind them."""

from __future__ import annotations

from pathlib import Path

import click

from isocourse.cli.options import JSON, KNOWLEDGE, WIDTH, checked, columns, load, print_json


@click.command()
@click.argument("myth", default="", metavar="[ID]")
@JSON
@WIDTH
@KNOWLEDGE
def myths(myth: str, as_json: bool, width: int | None, knowledge: Path | None) -> None:
    """List the myths; for the one called ID, such as M8: what each protocol says on the points behind it, and the claims on both sides.

    A myth may be true of one product, one country or one patient. No protocol is counted as agreeing because it is silent or not read.
    """
    from isocourse.render.myths import NOBODY, list_lines, myth_data, myth_lines, myths_data

    library = load(knowledge)
    known = {each.name: each for each in library.disagreements.myths}
    if myth:
        checked("ID", [myth], list(known))
    if as_json:
        print_json(myth_data(library, known[myth]) if myth else myths_data(list(known.values())))
    elif not known:
        click.echo(NOBODY)
    else:
        lines = myth_lines(library, known[myth], columns(width)) if myth else list_lines(list(known.values()))
        for line in lines:
            click.echo(line)
