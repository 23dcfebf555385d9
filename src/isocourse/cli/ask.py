"""Which missing fact to obtain first for one patient."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from isocourse.cli.options import AS_OF, JSON, JURISDICTION, KNOWLEDGE, PRODUCT, PROTOCOL, RECORD, judged, print_json


@click.command()
@RECORD
@AS_OF
@PROTOCOL
@JURISDICTION
@PRODUCT
@JSON
@KNOWLEDGE
@click.option("--first", type=click.IntRange(1), default=12, show_default=True, help="How many to list.")
def ask(
    record: Path,
    as_of: int,
    protocols: tuple[str, ...],
    jurisdiction: str,
    product: str,
    as_json: bool,
    knowledge: Path | None,
    first: int,
) -> None:
    """List which missing facts of RECORD to obtain first: those that settle most open questions, whatever they turn out to be."""
    from isocourse.decisions.flips import what_settles
    from isocourse.render.words import fact_words

    seen = judged(record, as_of, protocols, jurisdiction, product, knowledge)
    governs = [answer for answer in seen.answers if not seen.governs or answer.edition in seen.governs]
    found = what_settles(seen.library.program, seen.snapshot.state, governs)
    slots, facts = seen.library.program.slots, seen.library.fact_by_name
    rows = [
        {
            "fact": slots[each.slot].name,
            "called": fact_words(seen.library, slots[each.slot].name),
            "obtain": facts[name].obtain if (name := slots[each.slot].name.partition(".")[0]) in facts else "ask",
            "settles": each.surely,
            "may_settle": each.perhaps,
            "decisions": list(each.points),
        }
        for each in found
    ]
    if as_json:
        print_json(rows)
        sys.exit(0)
    if not rows:
        click.echo("Nothing that is missing would settle an open question.")
        return
    under = ", ".join(edition.key for edition in seen.governs) or "every protocol loaded"
    click.echo(f"Open questions under {under} that one more fact would settle (surely / for some values):")
    for row in rows[:first]:
        decisions = ", ".join(row["decisions"]) if isinstance(row["decisions"], list) else ""
        click.echo(f"  {row['settles']:>3} / {row['may_settle']:<3} {row['called']} [{row['obtain']}] — {decisions}")
    if len(rows) > first:
        click.echo(f"  and {len(rows) - first} more; --first {len(rows)} lists them")
