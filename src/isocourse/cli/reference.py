"""Commands to look things up: unwanted effects, interactions, products, instruments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import click

from isocourse.cli.options import JSON, KNOWLEDGE, WIDTH, NoAnswer, columns, load, print_json

if TYPE_CHECKING:
    from isocourse.facts.instruments import Scale
    from isocourse.library import Instrument


class _Named(Protocol):
    @property
    def name(self) -> str: ...


Thing = TypeVar("Thing", bound=_Named)

NAME = click.argument("name", default="")


@click.command()
@NAME
@JSON
@WIDTH
@KNOWLEDGE
def effects(name: str, as_json: bool, width: int | None, knowledge: Path | None) -> None:
    """List unwanted effects, or show all that is known of the one NAMEd: how often, what helps, who says reduce, hold or stop."""
    from isocourse.render import reference

    library = load(knowledge)
    chosen = _chosen(library.effects, name, "effect")
    if as_json:
        print_json(reference.data(library, "effects", chosen))
    elif name:
        click.echo(reference.effect_page(library, chosen[0], columns(width)), nl=False)
    else:
        click.echo(reference.effects_page(library, columns(width)), nl=False)


@click.command()
@click.argument("drug", default="")
@JSON
@WIDTH
@KNOWLEDGE
def interactions(drug: str, as_json: bool, width: int | None, knowledge: Path | None) -> None:
    """List interactions, or show what each document says of one DRUG beside isotretinoin; a class or a trade name will do."""
    from isocourse.render import reference

    library = load(knowledge)
    chosen = reference.interactions_of(library, drug)
    if drug and chosen is None:
        _unknown("drug", drug, [each.name for each in library.interactions], reference.drug_names(library), "DRUG")
    found = chosen or ()
    if as_json:
        print_json(reference.data(library, "interactions", found))
    elif drug:
        click.echo(reference.interaction_page(library, drug, found, columns(width)), nl=False)
    else:
        click.echo(reference.interactions_page(library, columns(width)), nl=False)


@click.command()
@NAME
@JSON
@WIDTH
@KNOWLEDGE
def products(name: str, as_json: bool, width: int | None, knowledge: Path | None) -> None:
    """List products, or show the one NAMEd: strengths, food, what the capsule holds, what its milligrams are said to equal."""
    from isocourse.render import reference

    library = load(knowledge)
    chosen = _chosen(library.products, name, "product")
    if as_json:
        print_json(reference.data(library, "products", chosen))
    elif name:
        click.echo(reference.product_page(library, chosen[0], columns(width)), nl=False)
    else:
        click.echo(reference.products_page(library, columns(width)), nl=False)


@click.command()
@NAME
@click.option("--answers", default=None, help="Answers in order, as 1,0,,2: a blank item may be any answer.")
@JSON
@WIDTH
@KNOWLEDGE
def instruments(name: str, answers: str | None, as_json: bool, width: int | None, knowledge: Path | None) -> None:
    """List instruments, or show the one NAMEd: items, scoring, bands and their gaps, licence; with --answers, the score."""
    from isocourse.render import reference

    library = load(knowledge)
    chosen = _chosen(library.instruments, name, "instrument")
    if answers is not None and not name:
        raise click.UsageError("--answers needs the NAME of an instrument")
    given = _answers(chosen[0], answers) if answers is not None else None
    if as_json:
        print_json(
            reference.data(library, "instruments", chosen, reference.scored(chosen[0], given) if given else None)
        )
    elif given:
        click.echo(reference.score_page(chosen[0], given, columns(width)), nl=False)
    elif name:
        click.echo(reference.instrument_page(library, chosen[0], columns(width)), nl=False)
    else:
        click.echo(reference.instruments_page(library, columns(width)), nl=False)


def _chosen(things: Sequence[Thing], name: str, what: str) -> tuple[Thing, ...]:
    """The one that is named, or all of them."""
    found = tuple(thing for thing in things if not name or thing.name == name)
    if name and not found:
        _unknown(what, name, [thing.name for thing in things], (), "NAME")
    return found


def _unknown(what: str, name: str, known: Sequence[str], also: Sequence[str], hint: str) -> None:
    from isocourse.logic.problems import did_you_mean

    listed = f"known: {', '.join(known)}" if known else f"this knowledge holds no {what}s"
    raise click.BadParameter(f'no {what} "{name}"{did_you_mean(name, [*known, *also])}; {listed}', param_hint=hint)


def _answers(instrument: Instrument, written: str) -> tuple[int | None, ...]:
    """The answers as numbers; a blank is None."""
    from isocourse.facts.instruments import score_interval
    from isocourse.facts.problem import Problem

    scale = _scale(instrument)
    parts = [part.strip() for part in written.split(",")]
    wrong = next((part for part in parts if part and not (part.isascii() and part.isdecimal())), None)
    if wrong is not None:
        raise click.BadParameter(f'"{wrong}" is not a whole number; write 1,0,,2', param_hint="--answers")
    given = tuple(int(part) if part else None for part in parts)
    total = score_interval(scale, given)
    if isinstance(total, Problem):
        raise NoAnswer(total.line())
    return given


def _scale(instrument: Instrument) -> Scale:
    if instrument.scale is None:
        raise click.UsageError(f"{instrument.name} is a count and has no items to answer")
    return instrument.scale
