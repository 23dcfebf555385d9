"""Commands that look over the knowledge: what carries each statement of the review, and protocols side by side."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from isocourse.cli.options import ANSWERED, JSON, KNOWLEDGE, NO_ANSWER, WIDTH, checked, columns, load, print_json


@click.command()
@click.argument("part", default="")
@click.option("--markdown", is_flag=True, help="Print the page that stands in the documentation.")
@JSON
@KNOWLEDGE
def coverage(part: str, markdown: bool, as_json: bool, knowledge: Path | None) -> None:
    """Show what carries each numbered statement of the review; PART keeps those whose number holds it, such as S-LAB.

    Exit 2 if a statement is carried by nothing.
    """
    from isocourse.app.coverage import coverage as run
    from isocourse.render.coverage import covered_lines, covered_markdown

    library = load(knowledge)
    found = [each for each in run(library) if part in each.statement]
    bare = [each.statement for each in found if not each.carried]
    if as_json:
        print_json(found)
    elif markdown:
        click.echo(covered_markdown(library, found), nl=False)
    else:
        if not found:
            click.echo(f'No statement has "{part}" in its number.' if part else "This knowledge numbers no statements.")
        for line in covered_lines(library, found):
            click.echo(line)
        if found:
            click.echo(
                f"\n{len(found)} statements, {len(found) - len(bare)} carried"
                + (f"; nothing carries {', '.join(bare)}" if bare else "")
            )
    sys.exit(NO_ANSWER if bare else ANSWERED)


@click.command()
@click.argument("editions", nargs=-1, required=True)
@click.option("--point", "points", multiple=True, help="Only this decision point; may be given again.")
@JSON
@WIDTH
@KNOWLEDGE
def compare(
    editions: tuple[str, ...], points: tuple[str, ...], as_json: bool, width: int | None, knowledge: Path | None
) -> None:
    """Lay EDITIONS side by side without a patient: what each says on each point, to whom, and how they stand to each other.

    An edition is protocol/edition, or a protocol for all its editions.
    """
    from isocourse.app.at_least import editions_named
    from isocourse.app.compare import compare as run
    from isocourse.cli.proofs import needs_solver
    from isocourse.render.compare import compared_data, compared_lines

    needs_solver()
    library = load(knowledge)
    checked("EDITIONS", editions, [name for edition in library.editions for name in (edition.protocol, edition.key)])
    checked("--point", points, [point.name for point in library.points])
    wanted = tuple(dict.fromkeys(edition for name in editions for edition in editions_named(library, name)))
    found = run(library, wanted, points)
    if as_json:
        print_json(compared_data(library, wanted, found))
        return
    for line in compared_lines(library, wanted, found, columns(width)):
        click.echo(line)
